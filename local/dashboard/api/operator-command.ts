import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Refused } from './api-problem.ts';

/** How a command of `operator/` ended: its exit code, and what it wrote. */
export interface OperatorResult {
  /** 0 done, 1 a finding, 2 refused. */
  code: number | null;
  output: string;
  told: string;
}

export interface OperatorCommand {
  readonly ended: Promise<OperatorResult>;
  /** Asks it to end after what it has in hand. */
  stop(): void;
}

export type OperatorName = 'dead-letters' | 'plan' | 'doctor';

const what: Readonly<Record<OperatorName, string>> = {
  'dead-letters': 'reads, replays and purges dead letters',
  plan: 'computes a step of the ladder',
  doctor: 'examines the service',
};

/** Runs commands of `operator/` as processes of their own: the workspaces do not import each other, and either may be deleted. */
export interface Operator {
  /** Why a command cannot be run here, in a sentence, or undefined. */
  missing(name: OperatorName): string | undefined;
  /** Throws `Refused` where it cannot be run. */
  start(name: OperatorName, args: readonly string[]): OperatorCommand;
  /** Ends what still runs. */
  stop(): void;
}

export function createOperator(root: string): Operator {
  const running = new Set<ChildProcess>();
  const missing = (name: OperatorName): string | undefined =>
    existsSync(join(root, 'operator', `${name}.ts`))
      ? undefined
      : `operator/${name}.ts, which ${what[name]}, is not in this checkout.`;

  return {
    missing,
    start(name, args) {
      const reason = missing(name);
      if (reason !== undefined) {
        const remedy = 'Bring the folder operator/ back from the history of git, or use the Azure portal.';
        throw new Refused(501, { title: 'The command was deleted', detail: reason, remedy });
      }
      const child = spawn(process.execPath, [join(root, 'operator', `${name}.ts`), ...args], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
        env: { ...process.env, NO_COLOR: '1' },
      });
      running.add(child);
      return { ended: endOf(child).finally(() => running.delete(child)), stop: () => void child.kill('SIGTERM') };
    },
    stop() {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

async function endOf(child: ChildProcess): Promise<OperatorResult> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The command has no output.');
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const [output, told, exit] = await Promise.all([text(stdout), text(stderr), code]);
  return { code: exit, output, told };
}

/** The lines of JSON that a command wrote. Throws `Refused` with the command's own words where it refused. */
export function linesOf<Line>({ code, output, told }: OperatorResult): Line[] {
  if (code !== 0 && code !== 1) throw refusalOf(told);
  const lines = output.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Line);
}

export const refusalOf = (told: string): Refused =>
  new Refused(409, {
    title: 'The command did not do it',
    detail: told.trim() || 'It ended and said nothing.',
    remedy: 'Do what it says, or run the same in a terminal for more.',
  });
