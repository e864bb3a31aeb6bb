import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of the project. What a command does to them is kept, to be told at its end. */
export function openProject(root: string) {
  const written: string[] = [];
  const changed: string[] = [];
  const removed: string[] = [];
  const has = (path: string) => existsSync(join(root, path));
  const read = (path: string) => readFileSync(join(root, path), 'utf8');

  function write(path: string, text: string): void {
    const isNew = !has(path);
    if (!isNew && read(path) === text) return;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    const list = isNew ? written : changed;
    if (!list.includes(path) && !written.includes(path)) list.push(path);
  }
  return {
    root,
    changes: { written, changed, removed },
    has,
    read,
    write,
    /** Does nothing where the file was deleted. */
    edit(path: string, change: (text: string) => string): void {
      if (has(path)) write(path, change(read(path)));
    },
    /** A file or a folder. */
    remove(path: string): void {
      if (!has(path)) return;
      rmSync(join(root, path), { recursive: true });
      removed.push(path);
    },
  };
}

export type Project = ReturnType<typeof openProject>;
