import { join } from 'node:path';
import { requireRun as requireRunOf } from '../../src/cli/run-file/require-run.ts';
import type { Run } from '../run-file/index.ts';

/** The checkout that these commands belong to. */
export const checkout = join(import.meta.dirname, '..', '..');

/** The run of this checkout, or the one that `file` names. Throws `UsageError` with what to do when there is none. */
export const requireRun = ({ file }: { file?: string | undefined } = {}): Promise<Run> =>
  requireRunOf({ root: checkout, file });
