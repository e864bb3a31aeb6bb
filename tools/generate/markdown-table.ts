/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What would end the cell or open a tag; code shows "<" as it is. */
function inCell(text: string): string {
  const parts = text.replace(/[|\\]/g, '\\$&').split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith('`') ? part : part.replace(/</g, '&lt;'))).join('');
}
