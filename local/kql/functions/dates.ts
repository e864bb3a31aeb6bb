import { refuse } from '../expressions/refuse.ts';
import { constant, expression, isConstant, type SqlExpression } from '../sql-expression.ts';
import { CLOCK } from '../sql-text.ts';
import { EPOCH_TICKS, TICKS } from '../ticks.ts';
import { argument, type CallSite, type FunctionFamily, knownText, takes, typed } from './scalar-function.ts';

const { day, hour, minute, second } = TICKS;
const stamp = (sql: string) => `kql_timestamp(${sql})`;
const optional = (args: readonly SqlExpression[], site: CallSite) =>
  args.length > 1 ? typed(args, 1, 'long', site) : constant('long', 0n);

/** The beginning of the day or week in which a moment lies, some of them further. Weeks begin on Sunday. */
const beginning = (unit: bigint, shift: bigint, last: bigint) =>
  takes(1, 2, (args, site) => {
    const { sql } = typed(args, 0, 'datetime', site);
    const further = optional(args, site);
    const start = `${sql} - (${sql} + ${shift}) % ${unit}`;
    return expression('datetime', `(${start} + ${further.sql} * ${unit} + ${last})`);
  });

const calendar = (unit: 'month' | 'year', last: bigint) =>
  takes(1, 2, (args, site) => {
    const { sql } = typed(args, 0, 'datetime', site);
    const months = `((${optional(args, site).sql} + ${last > 0n ? 1 : 0}) * ${unit === 'year' ? 12 : 1})::INTEGER`;
    return expression('datetime', `(kql_ticks(date_trunc('${unit}', ${stamp(sql)}) + to_months(${months})) - ${last})`);
  });

const datePart = (name: string) => (sql: string) => `date_part('${name}', ${stamp(sql)})::INTEGER`;
const clockPart = (unit: bigint, of: bigint) => (sql: string) => `(${sql} // ${unit} % ${of})::INTEGER`;

const parts: Readonly<Record<string, (sql: string) => string>> = {
  year: datePart('year'),
  quarter: datePart('quarter'),
  month: datePart('month'),
  week_of_year: datePart('week'),
  day: datePart('day'),
  dayofyear: datePart('doy'),
  hour: clockPart(hour, 24n),
  minute: clockPart(minute, 60n),
  second: clockPart(second, 60n),
  millisecond: clockPart(TICKS.millisecond, 1000n),
  microsecond: clockPart(TICKS.microsecond, 1_000_000n),
};
const partOf = (name: string) =>
  takes(1, 1, (args, site) =>
    expression('int', parts[name]?.(typed(args, 0, 'datetime', site).sql) ?? refuse(name, site.node)),
  );
const namedPart = takes(2, 2, (args, site) => {
  const name = knownText(args, 0, site);
  const made = parts[name.toLowerCase()]?.(typed(args, 1, 'datetime', site).sql);
  return made === undefined ? refuse(`${site.name}() of ${name}`, site.node) : expression('int', made);
});

const lengths: Readonly<Record<string, bigint>> = { week: 7n * day, ...TICKS };
const months: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };

function add(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const period = knownText(args, 0, site).toLowerCase();
  const count = typed(args, 1, 'long', site).sql;
  const { sql } = typed(args, 2, 'datetime', site);
  const length = lengths[period];
  if (length !== undefined) return expression('datetime', `(${sql} + ${count} * ${length})`);
  const size = months[period] ?? refuse(`datetime_add() of ${period}`, site.node);
  return expression('datetime', `(kql_ticks(${stamp(sql)} + to_months((${count} * ${size})::INTEGER)) + ${sql} % 10)`);
}

/** Counts the boundaries between two moments, not the time that passed. */
function difference(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const period = knownText(args, 0, site).toLowerCase();
  const [a, b] = [typed(args, 1, 'datetime', site).sql, typed(args, 2, 'datetime', site).sql];
  if (period === 'nanosecond') return expression('long', `((${a} - ${b}) * 100)`);
  if (period === 'week') return expression('long', `((${a} + ${day}) // ${7n * day} - (${b} + ${day}) // ${7n * day})`);
  const length = lengths[period];
  if (length !== undefined) return expression('long', `(${a} // ${length} - ${b} // ${length})`);
  const size = months[period] ?? refuse(`datetime_diff() of ${period}`, site.node);
  const count = (sql: string) =>
    `(date_part('year', ${stamp(sql)}) * 12 + date_part('month', ${stamp(sql)}) - 1) // ${size}`;
  return expression('long', `(${count(a)} - ${count(b)})::BIGINT`);
}

const fromUnix = (unit: bigint) =>
  takes(1, 1, (args, site) => {
    const value = argument(args, 0, site);
    const ticks =
      value.type === 'real' ? `round(${value.sql} * ${unit})::BIGINT` : `${typed(args, 0, 'long', site).sql} * ${unit}`;
    return expression('datetime', `(${ticks} + ${EPOCH_TICKS})`);
  });

function makeTimespan(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const given = args.map((_, at) => typed(args, at, 'long', site));
  const units = given.length === 4 ? [day, hour, minute, second] : [hour, minute, second];
  const most = given.length === 4 ? [undefined, 23n, 59n, 59n] : [23n, 59n, 59n];
  const inside = given.map(({ constant: known }, at) => {
    const limit = most[at];
    return typeof known?.value === 'bigint' && known.value >= 0n && (limit === undefined || known.value <= limit);
  });
  if (!inside.every(Boolean))
    return refuse('make_timespan() with parts that are no constants in their range', site.node);
  return expression('timespan', `(${given.map(({ sql }, at) => `${sql} * ${units[at]}`).join(' + ')})`);
}

const month = partOf('month');

export const dateFunctions: FunctionFamily = {
  now: takes(0, 1, (args, site) =>
    expression('datetime', args.length === 0 ? CLOCK : `(${CLOCK} + ${typed(args, 0, 'timespan', site).sql})`),
  ),
  ago: takes(1, 1, (args, site) => expression('datetime', `(${CLOCK} - ${typed(args, 0, 'timespan', site).sql})`)),
  startofday: beginning(day, 0n, 0n),
  startofweek: beginning(7n * day, day, 0n),
  endofday: beginning(day, 0n, day - 1n),
  endofweek: beginning(7n * day, day, 7n * day - 1n),
  startofmonth: calendar('month', 0n),
  startofyear: calendar('year', 0n),
  endofmonth: calendar('month', 1n),
  endofyear: calendar('year', 1n),
  dayofweek: takes(1, 1, (args, site) =>
    expression('timespan', `((${typed(args, 0, 'datetime', site).sql} // ${day} + 1) % 7 * ${day})`),
  ),
  dayofmonth: partOf('day'),
  dayofyear: partOf('dayofyear'),
  hourofday: partOf('hour'),
  monthofyear: month,
  getmonth: month,
  getyear: partOf('year'),
  week_of_year: partOf('week_of_year'),
  weekofyear: partOf('week_of_year'),
  datetime_part: namedPart,
  datepart: namedPart,
  datetime_add: takes(3, 3, add),
  datetime_diff: takes(3, 3, difference),
  unixtime_seconds_todatetime: fromUnix(second),
  unixtime_milliseconds_todatetime: fromUnix(TICKS.millisecond),
  unixtime_microseconds_todatetime: fromUnix(TICKS.microsecond),
  make_timespan: takes(2, 4, makeTimespan),
  make_datetime: takes(3, 6, (args, site) => {
    if (args.length === 4) refuse('make_datetime() with four parts', site.node);
    const given = args.map((_, at) => typed(args, at, at === 5 ? 'real' : 'long', site));
    const seconds = given[5];
    if (seconds && !(isConstant(seconds) && Number.isInteger(Number(seconds.constant.value))))
      refuse('make_datetime() with parts of a second', site.node);
    const all = [0, 1, 2, 3, 4].map((at) => given[at]?.sql ?? '0::BIGINT');
    return expression(
      'datetime',
      `kql_ticks(TRY(make_timestamp(${all.join(', ')}, ${seconds?.sql ?? "'0'::DOUBLE"})))`,
    );
  }),
};
