import type { QueryResult, TimeSeries } from '../../api/contract.ts';
import type { ChartLine } from '../parts/chart-drawing.ts';

const numbers = new Set(['int', 'long', 'real', 'decimal']);
const looks: readonly Pick<ChartLine, 'colour' | 'dash'>[] = [
  { colour: 's1' },
  { colour: 's2', dash: [6, 3] },
  { colour: 's3', dash: [2, 3] },
  { colour: 's4', dash: [8, 3, 2, 3] },
  { colour: 's5' },
  { colour: 's6', dash: [4, 2] },
];

/**
 * Rows as lines over time: the first datetime is the time, each number a line, and a text splits it into one line a value.
 * Undefined where the rows are no figures over time. `left` counts the lines that found no colour.
 */
export function chartOf({
  columns,
  rows,
}: QueryResult): { what: string; series: TimeSeries; lines: ChartLine[]; left: number } | undefined {
  const time = columns.find(({ type }) => type === 'datetime');
  const text = columns.find(({ type }) => type === 'string');
  // One figure for each value of the text is as much as one can tell apart.
  const figures = columns.filter(({ type }) => numbers.has(type)).slice(0, text ? 1 : undefined);
  if (!time || figures.length === 0 || columns.length > 6) return undefined;
  const at = (row: Record<string, unknown>) => Date.parse(String(row[time.name]));
  const times = [...new Set(rows.map(at).filter((each) => !Number.isNaN(each)))].sort((a, b) => a - b);
  if (times.length < 2) return undefined;
  const places = new Map(times.map((each, index) => [each, index]));
  const values: TimeSeries['values'] = {};
  for (const row of rows) {
    const place = places.get(at(row));
    if (place === undefined) continue;
    for (const { name } of figures) {
      const line = text ? String(row[text.name] ?? '') : name;
      const known = values[line] ?? new Array<number | null>(times.length).fill(null);
      values[line] = known;
      const value = Number(row[name]);
      known[place] = row[name] === null || Number.isNaN(value) ? null : value;
    }
  }
  const names = Object.keys(values);
  const lines = names
    .slice(0, looks.length)
    .map((name, index): ChartLine => ({ name, label: name || '(empty)', ...(looks[index] as (typeof looks)[number]) }));
  const what = text ? `${figures[0]?.name} by ${text.name}` : '';
  const series = {
    step: (times[1] as number) - (times[0] as number),
    times: times.map((each) => new Date(each).toISOString()),
    values,
  };
  return { what, series, lines, left: names.length - lines.length };
}
