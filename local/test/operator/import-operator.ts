import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const operator = resolve(import.meta.dirname, '../../../operator');

/** By a path that TypeScript does not follow: `operator/` can be deleted, and these tests are left out then. */
export const importOperator = (file: string) => import(pathToFileURL(join(operator, file)).href);
