import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'vitest';
import { type CompilerSession, type Diagnostic, startCompilerSession } from '../../tools/bicep/compiler-session.ts';
import { findCompiler } from '../../tools/bicep/find-compiler.ts';
import { putFixtureIn } from '../../tools/bicep/fixture-infra.ts';
import { parseSnapshot, predictFile, type Snapshot, together } from '../../tools/bicep/predictions.ts';
import fixture from '../fixture-business/queues.json' with { type: 'json' };

export const root = join(import.meta.dirname, '..', '..');
export const infra = join(root, 'infra');

/** The queues and topics that the predictions are made with. */
export const predictedEntities = fixture;

const compiler = await findCompiler();
let session: CompilerSession | undefined;
const copies: string[] = [];

/**
 * A test with the real compiler; without one it is skipped by name with the reason. One compiler serves all files of a
 * test worker and ends with it: its first answer takes seconds.
 */
export const testWithCompiler = (
  name: string,
  run: (compiler: CompilerSession, context: TestContext) => Promise<void>,
): void => {
  test(name, { timeout: 180_000 }, async (context) => {
    context.skip(compiler.path === undefined, 'reason' in compiler ? compiler.reason : '');
    if (compiler.path === undefined) return;
    // What the parameter file reads from the environment must not come from the one that runs the tests.
    session ??= startForWorker(compiler.path);
    try {
      await run(session, context);
    } finally {
      for (const folder of copies.splice(0)) await rm(folder, { recursive: true, force: true });
    }
  });
};

function startForWorker(path: string): CompilerSession {
  const started = startCompilerSession(path, { ...process.env, OBSERVABILITY_LEVEL: '' });
  process.once('exit', () => void started.stop());
  return started;
}

export const compilerPath = compiler.path ?? '';

export const compilerVersion = 'version' in compiler ? compiler.version : undefined;

/** A remark in one line, as a person would look it up. */
export const remark = ({ source, range, level, code, message }: Diagnostic): string =>
  `${source.replace(infra, 'infra')}:${range.start.line + 1} ${level} ${code} ${message}`;

/** The committed predictions of one scenario: what `main.bicep` deploys and, after it, `app.bicep`. */
export const readSnapshot = async (scenario: string): Promise<Snapshot> => {
  const read = (name: string) => readFile(join(infra, 'snapshots', `${name}.snapshot.json`), 'utf8');
  return together(parseSnapshot(await read(scenario)), parseSnapshot(await read(`${scenario}.app`)));
};

/**
 * A copy of `infra/` with the business of the tests, to predict what is not committed. `files` replaces or adds
 * files by path from the root of the copy. Removed at the end of the test.
 */
export const copyInfra = async (files: Record<string, string> = {}): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'infra-'));
  copies.push(folder);
  await cp(infra, join(folder, 'infra'), { recursive: true, filter: (path) => !path.endsWith('.snapshot.json') });
  await putFixtureIn(join(folder, 'infra'));
  await writeFiles(folder, files);
  return folder;
};

export const writeFiles = async (folder: string, files: Record<string, string>): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
};

let predicted = 0;

/**
 * Predicts a deployment of a copy, `main.bicep` and then `app.bicep`: the defaults with `config` (and other parameters of
 * either) as Bicep writes them. Throws with the compiler's words when one is refused.
 */
export const predict = async (
  compiler: CompilerSession,
  folder: string,
  parameters: Record<string, string>,
): Promise<Snapshot> => {
  const name = `predicted-${++predicted}`;
  const half = async (end: string) => {
    const path = join(folder, 'infra', 'snapshots', `${name}${end}`);
    const scenario = await readFile(join(infra, 'snapshots', `level-1-single${end}`), 'utf8');
    const template = await readFile(join(infra, end.startsWith('.app') ? 'app.bicep' : 'main.bicep'), 'utf8');
    const given = Object.entries(parameters).filter(([key]) => template.includes(`\nparam ${key} `));
    const kept = scenario.split('\n').filter((line) => !given.some(([key]) => line.startsWith(`param ${key} `)));
    await writeFile(path, [...kept, ...given.map(([key, value]) => `param ${key} = ${value}`)].join('\n'));
    return parseSnapshot(await predictFile(compiler, path));
  };
  return together(await half('.bicepparam'), await half('.app.bicepparam'));
};
