import { join } from 'node:path';
import { fileSchema } from '../../src/config/file-schema.ts';
import { readJsonFile } from '../../src/config/json-file.ts';
import { levels } from '../../src/observability/levels.ts';
import { registry } from '../../src/observability/registry.ts';
import { createCredential } from '../../src/platform/credential.ts';
import { ladderStep } from '../../tools/ladder/ladder-step.ts';
import { stepText } from '../../tools/ladder/step-text.ts';
import { exitCodes } from '../command-refused.ts';
import { readCommandSettings } from '../command-settings.ts';
import { openWorkspace } from '../query-workspace.ts';
import { measureVolume, readBilledBytes } from './known-volume.ts';
import { readPlanArguments } from './plan-arguments.ts';

/** Runs `npm run plan` on the project at `root` and returns its exit code. Throws `CommandRefused` or `ConfigError`. */
export async function runPlan(argv: readonly string[], root: string): Promise<number> {
  const { volume, workspace, markdown, json, messages, ...given } = readPlanArguments(argv);
  if (volume) measureVolume(root);
  const credential = workspace && (await createCredential(readCommandSettings().azureClientId));
  const use = credential
    ? { messages: undefined, billedBytes: await readBilledBytes(openWorkspace(workspace, credential)) }
    : { messages };
  const manifests = registry.map(({ manifest }) => manifest);
  const source = { name: 'observability.json', path: join(root, 'observability.json') };
  const file = readJsonFile(source, fileSchema(manifests, levels).partial({ level: true }));
  const step = ladderStep({ root, manifests, file, ...given, ...use });
  const text = stepText(step, markdown ? 'markdown' : 'text');
  process.stdout.write(json ? `${JSON.stringify(step)}\n` : text);
  return exitCodes.done;
}
