import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

export const observabilityFile = 'observability.json';

/**
 * Why the service could not start with its `observability.json`, in one line, or undefined. The service's own loader judges,
 * in a thread of its own, so that it is always the code that stands in `src` now; what that cannot be asked, the next start
 * of the service tells.
 */
export async function faultOfObservabilityFile(root: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  let text: string;
  try {
    text = readFileSync(join(root, observabilityFile), 'utf8');
    JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return `${observabilityFile} cannot be used: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`;
  }
  return new Promise((resolve) => {
    const workerData = { root, text, name: observabilityFile, level: env.OBSERVABILITY_LEVEL };
    const judge = new Worker(new URL('./observability-check.worker.ts', import.meta.url), { workerData, execArgv: [] });
    judge.once('message', (fault: string | undefined) => resolve(fault));
    judge.once('error', () => resolve(undefined));
    judge.once('exit', () => resolve(undefined));
  });
}
