import { readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';

/** What is served, under the tag by which a browser knows it again. */
export interface Prepared {
  tag: string;
  content: string | Buffer;
  /** With gzip, once that was asked for. */
  packed?: Buffer;
}

export interface PreparedFiles {
  /** A file as it is now, TypeScript stripped to JavaScript with every position kept. Throws where there is none. */
  file(path: string): Promise<Prepared>;
  /** What was kept under a name, made anew when its tag is another. */
  keep(name: string, tag: string, make: () => string | Buffer): Prepared;
}

/** Keeps what is served in memory until a file changes. */
export function createPreparedFiles(): PreparedFiles {
  const kept = new Map<string, Prepared>();
  const keep: PreparedFiles['keep'] = (name, tag, make) => {
    const known = kept.get(name);
    if (known?.tag === tag) return known;
    const prepared = { tag, content: make() };
    kept.set(name, prepared);
    return prepared;
  };
  return {
    keep,
    async file(path) {
      const { mtimeMs, size } = await stat(path);
      const tag = `"${mtimeMs.toString(36)}-${size.toString(36)}"`;
      const known = kept.get(path);
      if (known?.tag === tag) return known;
      const content = await readFile(path);
      return keep(path, tag, () => (extname(path) === '.ts' ? strip(content.toString('utf8')) : content));
    },
  };
}

/** Node calls stripping experimental, once a process: that belongs to no log of a service. */
function strip(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
