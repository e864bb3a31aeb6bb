import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A committed file that is made from the code. */
export interface Generated {
  /** From the root of the project, with slashes. */
  path: string;
  text(): string | Promise<string>;
}

/** The files of which the committed text differs from what the code says now, with that text. */
export async function staleFiles(root: string, files: readonly Generated[]): Promise<{ path: string; text: string }[]> {
  const compared = await Promise.all(
    files.map(async ({ path, text }) => {
      const [committed, wanted] = await Promise.all([readIfThere(join(root, path)), text()]);
      return committed === wanted ? [] : [{ path, text: wanted }];
    }),
  );
  return compared.flat();
}

/** Writes what is stale and nothing else; resolves with the paths written. */
export async function writeStale(root: string, files: readonly Generated[]): Promise<string[]> {
  const stale = await staleFiles(root, files);
  for (const { path, text } of stale) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return stale.map(({ path }) => path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
