import { UsageError } from '../usage-error.ts';
import { findRun } from './find-run.ts';
import type { Run } from './run.ts';

interface RequireOptions {
  /** The checkout whose run is meant. */
  root: string;
  /** The one run file that is meant instead. */
  file?: string | undefined;
  /** What else somebody may do when nothing runs. */
  otherwise?: string;
}

/** The run that a command talks to. Throws `UsageError` with what to do when there is none. */
export async function requireRun({ root, file, otherwise = '' }: RequireOptions): Promise<Run> {
  const found = await findRun({ root, file });
  switch (found.kind) {
    case 'running':
      return found.run;
    case 'stale':
      throw new UsageError(`${found.file} is stale: process ${found.pid} is gone. Run "npm start" first${otherwise}.`);
    case 'unreadable':
      throw new UsageError(`${found.file} cannot be used: ${found.reason}. Run "npm start" again${otherwise}.`);
    case 'none': {
      const missing = file === undefined ? '' : ` (${file} is not there)`;
      throw new UsageError(`Nothing is running here${missing}: run "npm start" first${otherwise}.`);
    }
  }
}
