import { join } from 'node:path';
import { findRun, type Run } from '../run-file/index.ts';
import { UsageError } from './usage-error.ts';

/** The checkout that these commands belong to. */
export const checkout = join(import.meta.dirname, '..', '..');

/** The run of this checkout, or the one that `file` names. Throws `UsageError` with what to do when there is none. */
export async function requireRun({ file }: { file?: string | undefined } = {}): Promise<Run> {
  const found = await findRun({ root: checkout, file });
  switch (found.kind) {
    case 'running':
      return found.run;
    case 'stale':
      throw new UsageError(`${found.file} is stale: process ${found.pid} is gone. Run "npm start" first.`);
    case 'unreadable':
      throw new UsageError(`${found.file} cannot be used: ${found.reason}. Run "npm start" again.`);
    case 'none': {
      const missing = file === undefined ? '' : ` (${file} is not there)`;
      throw new UsageError(`Nothing is running here${missing}: run "npm start" first.`);
    }
  }
}
