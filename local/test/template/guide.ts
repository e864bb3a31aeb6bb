import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

/** A block of code of a guide: its language, the file that it is about, and its lines. */
export interface Block {
  language: string;
  file: string | undefined;
  text: string;
}

/** The blocks of a page, in its order. */
export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, language = '', file, text = '']) => ({
    language,
    file,
    text,
  }));

/** The commands of a block, as a person types them. */
export const commandsOf = ({ text }: Block): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/ +#.*$/, '').trim())
    .filter((line) => line !== '');

/** Does with the files of a project what a person does who reads the block: writes a whole file, or changes one. */
export async function apply(root: string, { language, file = '', text }: Block): Promise<void> {
  const path = join(root, file);
  if (language === 'diff') await writeFile(path, changed(await readFile(path, 'utf8'), text, file));
  else await writeFile(path, text);
}

/** The text with a change such as `-old`, `+new`, ` kept`. The kept and old lines must stand in it exactly once. */
export function changed(text: string, diff: string, file: string): string {
  const lines = diff.split('\n').filter((line) => line !== '');
  const side = (sign: string) =>
    lines.filter((line) => line.startsWith(sign) || line.startsWith(' ')).map((line) => `${line.slice(1)}\n`);
  const [before, after] = [side('-').join(''), side('+').join('')];
  expect(text.split(before).length - 1, `${file} holds once what the guide changes:\n${before}`).toBe(1);
  return text.replace(before, () => after);
}
