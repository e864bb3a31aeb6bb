import { refuse, refuseValue } from '../expressions/refuse.ts';
import { expression, type SqlExpression } from '../sql-expression.ts';
import { quoteText } from '../sql-text.ts';
import { TICKS } from '../ticks.ts';
import { type CallSite, type FunctionFamily, knownText, takes, typed } from './scalar-function.ts';

type Piece = (ticks: string) => string;

const padded =
  (digits: number, piece: Piece): Piece =>
  (t) =>
    `lpad((${piece(t)})::VARCHAR, ${digits}, '0')`;
const plain =
  (piece: Piece): Piece =>
  (t) =>
    `(${piece(t)})::VARCHAR`;
const clock =
  (unit: bigint, of: number): Piece =>
  (t) =>
    `${t} // ${unit} % ${of}`;
const date =
  (part: string): Piece =>
  (t) =>
    `date_part('${part}', kql_timestamp(${t}))`;
const both = (name: string, piece: Piece): [string, Piece][] => [
  [name, plain(piece)],
  [name + name, padded(2, piece)],
];

const hour = clock(TICKS.hour, 24);
const twelve: Piece = (t) => `(${hour(t)} + 11) % 12 + 1`;
const year: Piece = (t) => `${date('year')(t)} % 100`;

/** Parts of a second: `f` always so many digits, `F` none where they are zero. */
const fractions = Array.from({ length: 7 }, (_, at): [string, Piece][] => {
  const digits: Piece = (t) => `left(lpad((${t} % ${TICKS.second})::VARCHAR, 7, '0'), ${at + 1})`;
  return [
    ['f'.repeat(at + 1), digits],
    ['F'.repeat(at + 1), (t) => `rtrim(${digits(t)}, '0')`],
  ];
}).flat();

const common: [string, Piece][] = [
  ...fractions,
  ...both('H', hour),
  ...both('m', clock(TICKS.minute, 60)),
  ...both('s', clock(TICKS.second, 60)),
];

const datetimePieces = new Map<string, Piece>([
  ...common,
  ...both('h', twelve),
  ...both('d', date('day')),
  ...both('M', date('month')),
  ...both('y', year),
  ['yyyy', padded(4, date('year'))],
  ['tt', (t) => `CASE WHEN ${hour(t)} < 12 THEN 'AM' ELSE 'PM' END`],
]);

const days: Piece = (t) => `${t} // ${TICKS.day}`;
const timespanPieces = new Map<string, Piece>([
  ...common,
  ...both('h', hour),
  ['d', plain(days)],
  // lpad would cut a number that is longer.
  ...Array.from({ length: 7 }, (_, at): [string, Piece] => [
    'd'.repeat(at + 2),
    (t) =>
      `CASE WHEN length((${days(t)})::VARCHAR) >= ${at + 2} THEN (${days(t)})::VARCHAR ELSE ${padded(at + 2, days)(t)} END`,
  ]),
]);

/** A format as its pieces. What is neither a known letter nor a documented delimiter is refused. */
function formatted(
  args: readonly SqlExpression[],
  value: string,
  pieces: ReadonlyMap<string, Piece>,
  site: CallSite,
): SqlExpression {
  const format = knownText(args, 1, site);
  const made = Array.from(format.matchAll(/([a-z])\1*|[^a-z]/gi), ([token]) => {
    if (/^[ /:,._[\]-]$/.test(token)) return quoteText(token);
    return pieces.get(token)?.(value) ?? refuse(`${site.name}() with ${token}`, site.node);
  });
  return expression('string', `CASE WHEN ${value} IS NULL THEN '' ELSE concat(${made.join(', ') || "''"}) END`);
}

export const dateFormatFunctions: FunctionFamily = {
  format_datetime: takes(2, 2, (args, site) =>
    formatted(args, typed(args, 0, 'datetime', site).sql, datetimePieces, site),
  ),
  format_timespan: takes(2, 2, (args, site) => {
    const { sql } = typed(args, 0, 'timespan', site);
    // How Azure writes a span below zero is not documented.
    const size = `CASE WHEN ${sql} < 0 THEN ${refuseValue('format_timespan() of a span below zero')}::BIGINT ELSE ${sql} END`;
    return formatted(args, size, timespanPieces, site);
  }),
};
