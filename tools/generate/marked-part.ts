/**
 * A text with these lines between two marks in the place of those that stood there. Without the marks nothing changes:
 * then a team wrote its own.
 */
export function withMarkedPart(text: string, begin: string, end: string, lines: readonly string[]): string {
  const first = `${begin}\n`;
  const from = text.indexOf(first) + first.length;
  const to = text.indexOf(end, from);
  if (from < first.length || to < 0) return text;
  return text.slice(0, from) + lines.map((line) => `${line}\n`).join('') + text.slice(to);
}
