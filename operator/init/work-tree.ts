import { uncommittedChanges } from '../../tools/uncommitted-changes.ts';
import { CommandRefused } from '../command-refused.ts';

/**
 * Throws `CommandRefused` when git knows of changes here that are not committed, because what a command writes and
 * removes could not be told from them. Where there is no git the answer is a sentence that says so.
 */
export async function checkWorkTree(root: string): Promise<string | undefined> {
  const changes = await uncommittedChanges(root);
  if (changes === undefined) return 'This is no work tree of git: what is removed here cannot be brought back with it.';
  if (changes !== '')
    throw new CommandRefused('The work tree has changes that are not committed: commit them first, or add --force.');
  return undefined;
}
