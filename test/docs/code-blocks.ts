import { expect } from 'vitest';

/** A block of code of a page: its language, the file that it is about, and its lines. */
export interface CodeBlock {
  language: string;
  /** The file that the reader writes or, in a `diff`, changes. With `from`: the file in which the lines stand. */
  file: string | undefined;
  /** "```ts from <file>": the block is a part of a file that exists. */
  quoted: boolean;
  text: string;
}

const opening = /^(?<indent> *)(?:\d+\. |\* )?```(?<language>\w+)(?: (?<from>from ))?(?: ?(?<file>\S+))?$/;

/** The blocks of a page, in its order, also those in items of a list. Throws at one that does not end. */
export function blocksOf(page: string): CodeBlock[] {
  const lines = page.split('\n');
  const blocks: CodeBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const found = opening.exec(lines[at] ?? '')?.groups;
    if (!found) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === '```');
    if (end < 0) throw new Error(`This block of code has no end: ${lines[at]}`);
    const column = (lines[at] ?? '').indexOf('```');
    const text = lines.slice(at + 1, end).map((line) => `${line.slice(column)}\n`);
    const { language = '', file, from } = found;
    blocks.push({ language, file, quoted: from !== undefined, text: text.join('') });
    at = end;
  }
  return blocks;
}

/** The commands of a block, as a person types them; a line that ends in "\" goes on in the next. */
export const commandsOf = ({ text }: Pick<CodeBlock, 'text'>): string[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/ +#.*$/, '').trim())
    .filter((line) => line !== '');

/** The text with a change such as `-old`, `+new`, ` kept`. The kept and old lines must stand in it exactly once. */
export function changed(text: string, diff: string, file: string): string {
  const lines = diff.split('\n').filter((line) => line !== '');
  const side = (sign: string) =>
    lines.filter((line) => line.startsWith(sign) || line.startsWith(' ')).map((line) => `${line.slice(1)}\n`);
  const [before, after] = [side('-').join(''), side('+').join('')];
  expect(text.split(before).length - 1, `${file} holds once what the guide changes:\n${before}`).toBe(1);
  return text.replace(before, () => after);
}
