import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { TablesInUse } from '../../application-insights/index.ts';
import { findRun, type Run } from '../../run-file/index.ts';
import { createControlClient } from '../control-client.ts';

const ANSWER_MS = 2_000;
/** What starting the stand-ins may take, and how often is looked. */
const [START_MS, LOOK_MS] = [10_000, 100];

/** A run of this checkout that goes on, or why its file was put away. */
export interface PreviousRun {
  running?: Run;
  note?: string;
}

/** Looks for another run of the same checkout. What is left of one that ended is removed and told. */
export async function previousRun(root: string): Promise<PreviousRun> {
  const found = await findRun({ root });
  if (found.kind === 'none') return {};
  if (found.kind === 'running' && (await holdsTheRun(found.run))) return { running: found.run };
  await rm(found.file, { force: true });
  if (found.kind === 'unreadable') return { note: `${found.file} could not be used and was removed: ${found.reason}.` };
  const pid = found.kind === 'stale' ? found.pid : found.run.pid;
  return { note: `${found.file} was stale and was removed: process ${pid}, which wrote it, is gone.` };
}

/** Of two starts at the same moment one has the tables: the other waits until that one's run is told. Throws any other failure. */
export const otherStart =
  (root: string) =>
  async (failure: Error): Promise<Run> => {
    for (let waited = 0; failure.cause instanceof TablesInUse && waited < START_MS; waited += LOOK_MS) {
      const { running } = await previousRun(root);
      if (running) return running;
      await wait(LOOK_MS);
    }
    throw failure;
  };

/** A process number is given again: only the control server knows whose it is. One that is alive and slow still holds the run. */
async function holdsTheRun(run: Run): Promise<boolean> {
  const control = createControlClient(run);
  const slow = Promise.withResolvers<'slow'>();
  const timer = setTimeout(() => slow.resolve('slow'), ANSWER_MS);
  try {
    const answer = await Promise.race([control.get('/api/run'), slow.promise]);
    return answer === 'slow' || (answer as { pid?: unknown }).pid === run.pid;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    control.close();
  }
}
