import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import { type FoundRun, findRun, type Run } from '../../run-file/index.ts';
import type { LocalOptions } from './start-local.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
const fixture = join(repository, 'test', 'fixture-business');
const startFixture = join(import.meta.dirname, 'start.fixture.ts');
const serviceFixture = join(import.meta.dirname, 'service.fixture.ts');

/** What a command of this checkout loads to know the business of the tests instead of those that are listed. */
export const withFixture = ['--import', pathToFileURL(join(repository, 'local/test/fixture-list.preload.ts')).href];

/**
 * The entrance of `npm start` with its arguments, to be run by whatever a test puts around it. `listed`: with what
 * `local/business/index.ts` lists, instead of the business of the tests.
 */
export function startCommand(
  root: string,
  { listed = false, ...options }: Omit<LocalOptions, 'root'> & { listed?: boolean } = {},
): string[] {
  const service = { command: process.execPath, args: [serviceFixture] };
  return [
    process.execPath,
    ...(listed ? [] : withFixture),
    startFixture,
    JSON.stringify({ root, ports: { service: 0, dashboard: 0 }, service, ...options }),
  ];
}

/** A checkout whose service is the fixture. */
export async function makeCheckout(behaviour = 'serve'): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'starter ü '));
  await mkdir(join(root, 'src', 'deep'), { recursive: true });
  await cp(join(fixture, 'queues.json'), join(root, 'infra', 'queues.json'));
  await writeFile(join(root, 'observability.json'), '{"level":1}');
  await behave(root, behaviour);
  return root;
}

/** A copy of this checkout, whose service is the real one, with its own businesses. */
export async function copyCheckout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'starter ü '));
  const parts = ['src', 'infra/queues.json', 'observability.json', 'package.json'];
  for (const part of parts) await cp(join(repository, part), join(root, part), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'), 'junction');
  return root;
}

/** The same with the business of the tests, as if a team had written it. */
export async function copyWithFixture(): Promise<string> {
  const root = await copyCheckout();
  await cp(fixture, join(root, 'test', 'fixture-business'), { recursive: true });
  await cp(join(fixture, 'queues.json'), join(root, 'infra', 'queues.json'));
  const list = "export { businesses } from '../../test/fixture-business/index.ts';\n";
  await writeFile(join(root, 'src', 'business', 'index.ts'), list);
  return root;
}

export const behave = (root: string, behaviour: string) =>
  writeFile(join(root, 'src', 'behaviour.json'), JSON.stringify({ behaviour }));

export interface Started {
  child: ChildProcess;
  /** Everything that it and its service have said. */
  output(): string;
  /** Waits until the output holds `text` `times` times. */
  says(text: string, times?: number): Promise<void>;
  exit(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Runs a command and collects what it says. */
export function run([command = '', ...args]: readonly string[], options: SpawnOptions = {}): Started {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = once(child, 'close');
  return {
    child,
    output: () => output,
    says: (text, times = 1) =>
      vi.waitFor(
        () => {
          if (output.split(text).length <= times)
            throw new Error(`"${text}" was not said ${times} times in:\n${output}`);
        },
        { timeout: 45_000, interval: 20 },
      ),
    async exit() {
      const [code, signal] = await ended;
      return { code, signal };
    },
  };
}

export async function runOf(root: string): Promise<Run> {
  const found: FoundRun = await findRun({ root });
  if (found.kind !== 'running') throw new Error(`the run of ${root} is ${found.kind}`);
  return found.run;
}

/** A process that has ended and that nobody has asked about yet (a zombie) counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux';
  }
}

/** The processes of the services that have spoken. */
export const servicesOf = (output: string): number[] => [
  ...new Set([...output.matchAll(/service (\d+) /g)].map(([, pid]) => Number(pid))),
];

/** Waits until none of them is left. */
export const allGone = (pids: readonly number[]) =>
  vi.waitFor(
    () => {
      const left = pids.filter(isAlive);
      if (left.length > 0) throw new Error(`still alive: ${left.join(', ')}`);
    },
    { timeout: 30_000, interval: 20 },
  );

export const removeCheckout = (root: string) => rm(root, { recursive: true, force: true, maxRetries: 3 });
