export { type FoundRun, findRun } from '../../src/cli/run-file/find-run.ts';
export type { Run } from '../../src/cli/run-file/run.ts';
export { openLocalFolder } from './open-local-folder.ts';
export { publishRun, type RunFile } from './write-run.ts';
