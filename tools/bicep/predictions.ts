import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CompilerSession, SnapshotTarget } from './compiler-session.ts';
import { withFixtureInfra } from './fixture-infra.ts';
import type { GeneratedFiles } from './generate-alert-rules.ts';

/** A resource as the compiler predicts it: names and ids are plain values, what only Azure knows is text in brackets. */
export interface Resource {
  id: string;
  type: string;
  name: string;
  apiVersion: string;
  location?: string;
  tags?: Record<string, string>;
  identity?: { type: string; userAssignedIdentities?: Record<string, object> };
  properties?: Record<string, unknown>;
  /** Which template it is of, where both are looked at together. */
  half?: 'main' | 'app';
  [more: string]: unknown;
}

/** What a deployment would create. */
export interface Snapshot {
  predictedResources: Resource[];
  diagnostics: unknown[];
  outputs: Record<string, unknown>;
}

/** The same for writing and for checking, so that names, ids and GUIDs are the same. */
export const snapshotTarget: SnapshotTarget = {
  subscriptionId: '00000000-0000-0000-0000-000000000000',
  deploymentName: 'snapshot',
};

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = 'infra/snapshots';

export const parseSnapshot = (text: string): Snapshot => JSON.parse(text) as Snapshot;

/** The committed form: the compiler writes `outputs` in a random order of keys, so they are sorted. */
export const stableSnapshot = (text: string): string => {
  const { outputs, ...rest } = parseSnapshot(text);
  const sorted = Object.fromEntries(Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...rest, outputs: sorted }, null, 2)}\n`;
};

/** What `main.bicep` and, after it, `app.bicep` deploy: the whole of one scenario. */
export const together = (main: Snapshot, app: Snapshot): Snapshot => ({
  predictedResources: [
    ...main.predictedResources.map((resource) => ({ ...resource, half: 'main' as const })),
    ...app.predictedResources.map((resource) => ({ ...resource, half: 'app' as const })),
  ],
  diagnostics: [...main.diagnostics, ...app.diagnostics],
  outputs: { ...main.outputs, ...app.outputs },
});

/** The whole scenarios by name, of predictions by path. */
export const wholeScenarios = (files: GeneratedFiles): Record<string, Snapshot> => {
  const read = (name: string) => parseSnapshot(files[`${FOLDER}/${name}.snapshot.json`] ?? '');
  const names = Object.keys(files).map((path) => basename(path, '.snapshot.json'));
  const mains = names.filter((name) => !name.endsWith('.app'));
  return Object.fromEntries(mains.map((name) => [name, together(read(name), read(`${name}.app`))]));
};

/** The names of the parameter files: `level-1-single` to `level-5-split` for `main.bicep`, with `.app` for `app.bicep`. */
export const scenarioNames = async (root = ROOT): Promise<string[]> =>
  (await readdir(join(root, FOLDER)))
    .filter((file) => file.endsWith('.bicepparam'))
    .map((file) => basename(file, '.bicepparam'))
    .sort();

/**
 * The prediction of one parameter file. Throws with the compiler's remarks when it is refused: asked for a prediction
 * of a broken file the compiler says only that it is broken.
 */
export const predictFile = async (compiler: CompilerSession, path: string): Promise<string> => {
  try {
    // Only app.bicep is deployed to a group; the compiler refuses the name of one for a template of a subscription.
    const group = path.endsWith('.app.bicepparam') ? { resourceGroup: 'rg-snapshot' } : {};
    return await compiler.snapshot(path, { ...snapshotTarget, ...group });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('Compilation failed')) throw error;
    const { diagnostics } = await compiler.compileParams(path);
    const remarks = diagnostics.map(({ source, range, message }) => `${source}:${range.start.line + 1} ${message}`);
    throw new Error(remarks.join('\n'), { cause: error });
  }
};

/** The predictions of all scenarios, for the business of the tests. Throws on the first that is refused. */
export const predictScenarios = async (compiler: CompilerSession, root = ROOT): Promise<GeneratedFiles> => {
  return await withFixtureInfra(root, async (copy) => {
    const files: GeneratedFiles = {};
    for (const name of await scenarioNames(root)) {
      const text = await predictFile(compiler, join(copy, FOLDER, `${name}.bicepparam`));
      files[`${FOLDER}/${name}.snapshot.json`] = stableSnapshot(text);
    }
    return files;
  });
};

/** `main.bicep` and `app.bicep` as the JSON that the portal's deploy button takes. */
export const compileTemplates = async (compiler: CompilerSession, root = ROOT): Promise<GeneratedFiles> => {
  const files: GeneratedFiles = {};
  for (const name of ['main', 'app']) {
    const { contents, diagnostics } = await compiler.compile(join(root, 'infra', `${name}.bicep`));
    if (contents === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    files[`infra/${name}.json`] = contents.endsWith('\n') ? contents : `${contents}\n`;
  }
  return files;
};

/** A template without what differs between compilers that made the same: the generator's marks, at every depth. */
export const withoutMarks = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '_generator');
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutMarks(inner)]));
};
