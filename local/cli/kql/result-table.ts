import type { KqlValue } from '../../kql/index.ts';
import { jsonLine } from '../../kql/json-line.ts';
import { cut, oneLine } from '../for-eyes.ts';

interface ResultColumn {
  readonly name: string;
  readonly type: string;
}
type ResultRow = Readonly<Record<string, KqlValue>>;

const NUMBERS = new Set(['int', 'long', 'real', 'decimal']);
const WIDEST = 60;
const GAP = '  ';

const cellText = (value: KqlValue | undefined): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? jsonLine(value) : String(value);
};

/** Rows for people: columns lined up, numbers to the right, long values and lines cut. */
export function resultTable(columns: readonly ResultColumn[], rows: readonly ResultRow[], width: number): string {
  const texts = rows.map((row) => columns.map(({ name }) => cut(oneLine(cellText(row[name])), WIDEST)));
  const widths = columns.map(({ name }, at) => Math.max(name.length, ...texts.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, at) => {
      const right = NUMBERS.has(columns[at]?.type ?? '');
      return right ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
    });
    return `${cut(padded.join(GAP).trimEnd(), width)}\n`;
  };
  const head = line(columns.map(({ name }) => name));
  const rule = line(widths.map((each) => '-'.repeat(each)));
  return `${head}${rule}${texts.map(line).join('')}`;
}

const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** One line of CSV (RFC 4180, but with LF). */
export const csvLine = (cells: readonly (KqlValue | undefined)[]): string =>
  `${cells.map((cell) => csvCell(cellText(cell))).join(',')}\n`;
