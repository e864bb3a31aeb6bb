import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What git does not keep, as `.gitignore` says, and what azd writes beside the project. */
const isIgnored = (name: string): boolean =>
  ['.git', 'node_modules', 'dist', '.local', '.state', 'coverage', '.azure', '.env'].includes(name) ||
  name.endsWith('.tsbuildinfo');

/** SHA-256 in hex by path from a root, with slashes. */
export type FileHashes = Readonly<Record<string, string>>;

/** The files of a project in the order of their paths. Line ends are normalised, so that a checkout on Windows has the same. */
export function fileHashes(root: string): FileHashes {
  const paths = pathsIn(root, '').sort();
  return Object.fromEntries(paths.map((path) => [path, hashOf(readFileSync(join(root, path)))]));
}

const pathsIn = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !isIgnored(name))
    .flatMap((entry) => {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory()) return pathsIn(root, `${path}/`);
      return entry.isFile() ? [path] : [];
    });

/** Each byte is one character in latin1, so that a file that is no text keeps its own. */
const hashOf = (bytes: Buffer): string =>
  createHash('sha256').update(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1').digest('hex');
