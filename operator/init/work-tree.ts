import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandRefused } from '../command-refused.ts';

const run = promisify(execFile);

/**
 * Throws `CommandRefused` when git knows of changes here that are not committed, because what a command writes and
 * removes could not be told from them. Where there is no git the answer is a sentence that says so.
 */
export async function checkWorkTree(root: string): Promise<string | undefined> {
  let changes: string;
  try {
    ({ stdout: changes } = await run('git', ['status', '--porcelain', '--', '.'], { cwd: root }));
  } catch {
    return 'This is no work tree of git: what is removed here cannot be brought back with it.';
  }
  if (changes !== '')
    throw new CommandRefused('The work tree has changes that are not committed: commit them first, or add --force.');
  return undefined;
}
