export { type FoundRun, findRun } from './find-run.ts';
export { localFolders } from './local-folder.ts';
export { openLocalFolder } from './open-local-folder.ts';
export type { Run } from './run.ts';
export { publishRun, type RunFile } from './write-run.ts';
