import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from './evaluate.fixture.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

const rows = 'datatable(t: datetime, s: string, n: long, d: dynamic)[datetime(2026-03-01), "a b", 3, dynamic([1, 2])]';

/** The forty functions and aggregates that public queries over Application Insights use most, in the order of their number. */
const functions: readonly [name: string, use: string][] = [
  ['ago', 'where t < ago(1h)'],
  ['tostring', 'extend x = tostring(n)'],
  ['count', 'summarize count()'],
  ['isnotempty', 'where isnotempty(s)'],
  ['bin', 'summarize count() by bin(t, 1h)'],
  ['iff', 'extend x = iff(n > 1, "many", "one")'],
  ['strcat', 'extend x = strcat(s, "-", n)'],
  ['sum', 'summarize sum(n)'],
  ['avg', 'summarize avg(n)'],
  ['toint', 'extend x = toint(s)'],
  ['parse_json', 'extend x = parse_json(s)'],
  ['case', 'extend x = case(n > 2, "c", n > 1, "b", "a")'],
  ['now', 'where t < now()'],
  ['split', 'extend x = split(s, " ")[0]'],
  ['dcount', 'summarize dcount(s)'],
  ['todouble', 'extend x = todouble(n)'],
  ['isnotnull', 'where isnotnull(n)'],
  ['countif', 'summarize countif(n > 1)'],
  ['max', 'summarize max(n)'],
  ['totimespan', 'extend x = totimespan("01:00:00")'],
  ['array_length', 'extend x = array_length(d)'],
  ['startofday', 'extend x = startofday(t)'],
  ['coalesce', 'extend x = coalesce(n, 0)'],
  ['round', 'extend x = round(n / 7.0, 2)'],
  ['toreal', 'extend x = toreal(n)'],
  ['isempty', 'where not(isempty(s))'],
  ['todatetime', 'extend x = todatetime("2026-03-01")'],
  ['format_datetime', 'extend x = format_datetime(t, "yyyy-MM-dd")'],
  ['extract', 'extend x = extract("(a)", 1, s)'],
  ['percentile', 'summarize percentile(n, 95)'],
  ['arg_max', 'summarize arg_max(t, *) by s'],
  ['countof', 'extend x = countof(s, "a")'],
  ['todynamic', 'extend x = todynamic(s)'],
  ['min', 'summarize min(n)'],
  ['iif', 'extend x = iif(n > 1, 1, 0)'],
  ['not', 'where not(n > 5)'],
  ['range', 'extend x = range(1, 3)'],
  ['percentiles', 'summarize percentiles(n, 50, 95)'],
  ['sumif', 'summarize sumif(n, n > 1)'],
  ['startofmonth', 'extend x = startofmonth(t)'],
];

/** The twenty operators and statements that head the same list. */
const operators: readonly [name: string, use: string][] = [
  ['where', 'where n > 1'],
  ['summarize', 'summarize count() by s'],
  ['project', 'project s, n'],
  ['extend', 'extend x = n + 1'],
  ['sort', 'sort by n asc'],
  ['let', 'extend x = y'],
  ['union', 'union (print s = "b")'],
  ['render', 'render timechart'],
  ['take', 'take 5'],
  ['distinct', 'distinct s'],
  ['mv-expand', 'mv-expand d'],
  ['make-series', 'make-series sum(n) on t from datetime(2026-03-01) to datetime(2026-03-02) step 1h'],
  ['join kind=inner', 'join kind=inner (print s = "a b") on s'],
  ['top', 'top 1 by n'],
  ['join kind=leftouter', 'join kind=leftouter (print s = "a b") on s'],
  ['parse', 'parse s with a " " b'],
  ['project-away', 'project-away d'],
  ['range', 'union (range n from 1 to 2 step 1)'],
  ['evaluate', 'evaluate bag_unpack(d) : (*, x: dynamic)'],
  ['lookup', 'lookup (print s = "a b", more = 1) on s'],
];

test.each([...functions, ...operators])('%s runs', async (_name, use) => {
  expect((await kql.rows(`let y = 1; ${rows} | ${use}`)).length).toBeGreaterThan(0);
});

test('there are forty functions and twenty operators', () => {
  expect([functions.length, operators.length]).toEqual([40, 20]);
});
