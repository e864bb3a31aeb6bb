import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The functions that Azure's workspace has beside its tables, by name: each the text of a query. */
export const workspaceFunctions = (): Readonly<Record<'_LogOperation', string>> => ({
  _LogOperation: readFileSync(join(import.meta.dirname, 'log-operation.kql'), 'utf8'),
});
