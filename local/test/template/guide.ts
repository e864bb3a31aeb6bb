import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CodeBlock, changed } from '../../../test/docs/code-blocks.ts';

/** Does with the files of a project what a person does who reads the block: writes a whole file, or changes one. */
export async function apply(root: string, { language, file = '', quoted, text }: CodeBlock): Promise<void> {
  if (quoted) return;
  const path = join(root, file);
  if (language === 'diff') await writeFile(path, changed(await readFile(path, 'utf8'), text, file));
  else {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
