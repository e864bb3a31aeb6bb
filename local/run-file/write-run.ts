import { readFileSync, rmSync } from 'node:fs';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFileName } from './find-run.ts';
import type { Run } from './run.ts';

export interface RunFile {
  readonly path: string;
  update(run: Run): Promise<void>;
  /** Removes the file, unless another run has replaced it. Synchronous: it is the last thing that a process does. */
  remove(): void;
}

/**
 * Publishes a run, readable by its owner only (it holds the token). Answers undefined when another run was published
 * first: of two starts at the same moment one wins. Never leaves a half-written file for a reader.
 */
export async function publishRun(folder: string, run: Run): Promise<RunFile | undefined> {
  const path = join(folder, runFileName);
  const draft = join(folder, `${runFileName}.${process.pid}`);
  const write = (content: Run) => writeFile(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });

  await write(run);
  try {
    await link(draft, path); // unlike rename, this fails when the file is there
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    await rename(draft, path); // a file system without hard links
  } finally {
    await rm(draft, { force: true });
  }
  return {
    path,
    async update(content) {
      await write(content);
      await rename(draft, path);
    },
    remove() {
      if (writtenBy(path) === run.pid) rmSync(path, { force: true });
    },
  };
}

function writtenBy(path: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as Partial<Run>).pid;
  } catch {
    return undefined;
  }
}
