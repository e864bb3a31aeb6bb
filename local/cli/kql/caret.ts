/**
 * The line of a text in which a range begins, with carets under it. A tab stays a tab below, so that the carets stand where
 * the terminal puts the text.
 */
export function caretLines(text: string, { start, length }: { start: number; length: number }): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(from, end < 0 ? undefined : end).replace(/\r$/, '');
  const column = Math.min(start - from, line.length);
  const before = line.slice(0, column).replaceAll(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(length, line.length - column)));
  const number = text.slice(0, start).split('\n').length;
  const margin = `${number} | `;
  return `${margin}${line}\n${' '.repeat(margin.length)}${before}${carets}\n`;
}
