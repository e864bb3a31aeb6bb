import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Refused } from './api-problem.ts';

/** How a command ended: its exit code, and what it wrote. */
export interface CommandResult {
  /** 0 done, 1 a finding, 2 refused. */
  code: number | null;
  output: string;
  told: string;
}

export interface StartedCommand {
  readonly ended: Promise<CommandResult>;
  /** Asks it to end after what it has in hand. */
  stop(): void;
}

export interface Commands {
  /** Runs a file of the checkout as a process of its own. */
  start(file: string, args: readonly string[]): StartedCommand;
  /** Ends what still runs. */
  stop(): void;
}

/** Commands of a checkout, by which the page does what a person does at a terminal. */
export function createCommands(root: string): Commands {
  const running = new Set<ChildProcess>();
  return {
    start(file, args) {
      const child = spawn(process.execPath, [join(root, file), ...args], {
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

async function endOf(child: ChildProcess): Promise<CommandResult> {
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
export function linesOf<Line>({ code, output, told }: CommandResult): Line[] {
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
