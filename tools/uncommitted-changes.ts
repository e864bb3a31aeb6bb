import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What git says of changes in a folder that are not committed; empty when there are none, undefined where there is no git. */
export const uncommittedChanges = (root: string): Promise<string | undefined> =>
  run('git', ['status', '--porcelain', '--', '.'], { cwd: root }).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
