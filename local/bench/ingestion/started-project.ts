import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { createControlClient } from '../../cli/control-client.ts';
import { readJson } from '../../kql/json-line.ts';
import { findRun, type Run } from '../../run-file/index.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
const server = join(import.meta.dirname, 'started.server.ts');
const POLL_MS = 20;

/**
 * A copy of this project, so that its tables are empty and a `npm start` beside it is left alone. `more` are folders that it has besides,
 * as far as they exist.
 */
export async function copyProject(more: readonly string[] = []): Promise<{ root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'bench-start-'));
  for (const part of ['src', 'infra/queues.json', 'observability.json', 'package.json'])
    await cp(join(repository, part), join(root, part), { recursive: true });
  for (const part of more.filter((each) => existsSync(join(repository, each))))
    await cp(join(repository, part), join(root, part), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'), 'junction');
  return { root, remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }) };
}

export interface StartedProject {
  readonly pid: number;
  readonly run: Run;
  /** The rows of a query, as `npm run kql` gets them. */
  ask(query: string): Promise<Record<string, unknown>[]>;
  /** Ends it as Ctrl-C does, and what it started with it. */
  stop(): Promise<void>;
}

/** Runs `npm start` on a project and resolves when the commands find it. `variables` are added. Throws when it ends before. */
export async function startProject(root: string, variables: NodeJS.ProcessEnv = {}): Promise<StartedProject> {
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [server, root], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const run = await published(root, child);
  return {
    pid: run.pid,
    run,
    async ask(query) {
      const control = createControlClient(run);
      const lines = (await text(await control.stream('/api/kql', { query }))).trimEnd().split('\n');
      control.close();
      const [first, ...rows] = lines.map((line) => readJson(line) as Record<string, unknown>);
      if (first?.fault) throw new Error(`The query was refused: ${lines[0]}`);
      return rows;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function published(root: string, child: ChildProcess): Promise<Run> {
  for (; child.exitCode === null && child.signalCode === null; await wait(POLL_MS)) {
    const found = await findRun({ root });
    if (found.kind === 'running') return found.run;
  }
  throw new Error('npm start ended: its words are above.');
}
