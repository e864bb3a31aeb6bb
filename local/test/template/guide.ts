import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CodeBlock, changed } from '../../../test/docs/code-blocks.ts';

/** Does with the files of a project what a person does who reads the block: writes a whole file, or changes one. */
export async function apply(root: string, { language, file = '', text }: CodeBlock): Promise<void> {
  const path = join(root, file);
  if (language === 'diff') await writeFile(path, changed(await readFile(path, 'utf8'), text, file));
  else await writeFile(path, text);
}
