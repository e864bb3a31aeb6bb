import { spoken } from '../../tools/generate/failures-page.ts';
import type { Paint } from '../cli/for-eyes.ts';
import { type DrillReport, type FiredRule, holds } from './drill-report.ts';

type CellsOf = (report: DrillReport) => string[];

const messagesOf: CellsOf = ({ messages: { sent, ...fates } }) => {
  const words = {
    delivered: 'delivered',
    waiting: 'waiting',
    deadLettered: 'dead-lettered',
    lost: 'LOST',
    refused: 'refused',
  };
  const parts = Object.entries(fates).filter(([, count]) => count > 0);
  return [`${sent} sent`, ...parts.map(([fate, count]) => `${count} ${words[fate as keyof typeof words]}`)];
};
const firedLine = ({ rule, afterSeconds, of }: FiredRule) => `${rule}${of && ` (${of})`} ${spoken(afterSeconds)}`;
const orNone = (lines: readonly string[], none: string): string[] => (lines.length > 0 ? [...lines] : [none]);

/** What is shown of a drill, in this order: a heading, and the lines for each level. */
const rows: readonly (readonly [string, CellsOf])[] = [
  ['messages', messagesOf],
  ['first to know', ({ firstToKnow: first }) => [first ? `${first.who}, ${spoken(first.afterSeconds)}` : 'nobody']],
  [
    'what you see',
    ({ seen }) =>
      orNone(
        seen.map(({ question, answer }) => `${question} ${answer || 'nothing'}`),
        '-',
      ),
  ],
  ['rules that fired', ({ fired }) => orNone(fired.map(firedLine), 'none')],
  ['should have', ({ missed }) => missed],
  ['should not have', ({ unexpected }) => unexpected],
  ['broken', ({ broken }) => broken],
  [
    'recovered',
    ({ recoveredAfterSeconds: seconds }) => [seconds === undefined ? 'not while it was watched' : spoken(seconds)],
  ],
];

const headingWidth = 17;
const gap = 3;
const bad = new Set(['should have', 'should not have', 'broken']);

/** One drill on one screen: a column for each level, equal neighbours as one. */
export function drillTable(reports: readonly DrillReport[], { width, paint }: { width: number; paint: Paint }): string {
  const [first] = reports;
  if (!first) return '';
  const column = Math.max(24, Math.floor((width - headingWidth) / reports.length) - gap);
  const head = line(
    '',
    reports.map(({ level }) => ({ text: `level ${level}`, columns: 1 })),
    column,
  );
  const body = rows.flatMap(([heading, cellsOf]) => {
    const cells = reports.map((report) => cellsOf(report));
    if (cells.every((cell) => cell.length === 0)) return [];
    const text = rowLines(heading, cells, column);
    return bad.has(heading) ? text.map((each) => paint('red', each)) : text;
  });
  const verdict = reports.every(holds) ? paint('green', 'holds') : paint('red', 'does not hold');
  const layout = paint('dim', `  time line: ${first.layout.join('; ')}`);
  return `${paint('bold', first.drill)}: ${first.question} ${verdict}\n${[paint('dim', head), ...body, layout].join('\n')}\n\n`;
}

/** The lines of one row: cells that say the same side by side are one wide cell. */
function rowLines(heading: string, cells: readonly (readonly string[])[], column: number): string[] {
  const joined: { lines: readonly string[]; columns: number }[] = [];
  for (const lines of cells) {
    const last = joined.at(-1);
    if (last && last.lines.join('\n') === lines.join('\n')) last.columns += 1;
    else joined.push({ lines, columns: 1 });
  }
  const wrapped = joined.map(({ lines, columns }) => ({
    columns,
    lines: lines.flatMap((text) => wrap(text, columns * (column + gap) - gap)),
  }));
  const height = Math.max(...wrapped.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    line(
      at === 0 ? heading : '',
      wrapped.map(({ lines, columns }) => ({ text: lines[at] ?? '', columns })),
      column,
    ),
  );
}

const line = (heading: string, cells: readonly { text: string; columns: number }[], column: number): string =>
  `  ${heading.padEnd(headingWidth)}${cells.map(({ text, columns }) => text.padEnd(columns * (column + gap))).join('')}`.trimEnd();

/** Breaks a text at blanks; a word that is longer than a line is cut. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...(word.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']));
  }
  return lines;
}
