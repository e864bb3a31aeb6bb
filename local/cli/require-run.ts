import { join } from 'node:path';
import { findRun, type Run } from '../run-file/index.ts';
import { UsageError } from './command.ts';

/** The checkout that these commands belong to. */
export const checkout = join(import.meta.dirname, '..', '..');

/** The run that a command talks to. Throws `UsageError` with what to do when there is none. */
export async function requireRun({
  root = checkout,
  file,
}: {
  root?: string;
  file?: string | undefined;
} = {}): Promise<Run> {
  const found = await findRun({ root, file });
  switch (found.kind) {
    case 'running':
      return found.run;
    case 'stale':
      throw new UsageError(`${found.file} is stale: process ${found.pid} is gone. Run "npm start" first.`);
    case 'unreadable':
      throw new UsageError(`${found.file} cannot be used: ${found.reason}. Run "npm start" again.`);
    case 'none':
      throw new UsageError(
        `Nothing is running here${file === undefined ? '' : ` (${file} is not there)`}: run "npm start" first.`,
      );
  }
}
