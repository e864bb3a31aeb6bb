import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from './evaluate.fixture.ts';
import { nothing } from './sql-expression.ts';
import { quoteText } from './sql-text.ts';

interface RandomRow {
  n: number | null;
  r: number | null;
  s: string;
  t: number | null;
}

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine({ R: { n: 'long', r: 'real', s: 'string', t: 'datetime' } });
});
afterAll(() => kql.close());

const texts = ['', 'a', 'A', 'ab-c', 'error 500', 'north_south', 'ä b'];
const table = fc.array(
  fc.record<RandomRow>({
    n: fc.option(fc.integer({ min: -50, max: 50 })),
    r: fc.option(fc.integer({ min: -400, max: 400 }).map((quarter) => quarter / 4)),
    s: fc.constantFrom(...texts),
    t: fc.option(fc.integer({ min: 0, max: 3 * 86_400 })),
  }),
  { maxLength: 40 },
);
const START = 638_000_000_000_000_000n;

async function fill(rows: readonly RandomRow[]): Promise<void> {
  await kql.sql('DELETE FROM "R"');
  if (rows.length === 0) return;
  const time = (seconds: number | null) =>
    seconds === null ? nothing('datetime') : `${START + BigInt(seconds) * 10_000_000n}::BIGINT`;
  const list = rows.map(({ n, r, s, t }) => `(${n ?? 'NULL'}, ${r ?? 'NULL'}, ${quoteText(s)}, ${time(t)})`);
  await kql.sql(`INSERT INTO "R" VALUES ${list.join(', ')}`);
}

const conditions = [
  'n > 3',
  'n == 5',
  'n != 5',
  'r <= 2.5',
  's has "500"',
  's =~ "A"',
  's contains "b"',
  'isempty(s)',
  'n in (1, 2, 3)',
  'not(n > 3)',
  'n % 7 == 3',
  't > datetime(2022-09-29)',
  'n > 3 and r < 1 or s == "a"',
  'iff(n > 0, r, 0.0) > 5',
];
const holds = (predicate: (rows: RandomRow[], condition: string) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(table, fc.constantFrom(...conditions), async (rows, condition) => {
      await fill(rows);
      await predicate(rows, condition);
    }),
    { numRuns: 20 },
  );

test('where and then count is countif', () =>
  holds(async (_rows, condition) => {
    expect(await kql.rows(`R | where ${condition} | count`)).toEqual(
      await kql.rows(`R | summarize countif(${condition})`),
    );
  }));

test('rows where a condition holds, does not hold and is null are all rows', () =>
  holds(async (rows, condition) => {
    const parts = `union (R | where ${condition}), (R | where not(${condition})), (R | where isnull(${condition}))`;
    expect(await kql.rows(`${parts} | count`)).toEqual([[rows.length]]);
    const all = 'summarize sum(n), sum(r), dcount(s), max(t), min(n) ';
    expect(await kql.rows(`${parts} | ${all}`)).toEqual(await kql.rows(`R | ${all}`));
  }));

test('a sum of the sums of groups is the sum', () =>
  holds(async (_rows, condition) => {
    const whole = `R | where ${condition} | summarize a = sum(n), b = count(), c = max(r), d = min(t)`;
    const grouped = `R | where ${condition} | summarize a = sum(n), b = count(), c = max(r), d = min(t) by s, k = bin(n, 10) | summarize a = sum(a), b = sum(b), c = max(c), d = min(d)`;
    expect(await kql.rows(grouped)).toEqual(await kql.rows(whole));
  }));

test('an inner join with the distinct keys keeps every row', () =>
  holds(async (_rows, condition) => {
    const kept = `R | where ${condition}`;
    expect(await kql.rows(`${kept} | join kind=inner (R | distinct s) on s | summarize count(), sum(n)`)).toEqual(
      await kql.rows(`${kept} | summarize count(), sum(n)`),
    );
    expect(await kql.rows(`${kept} | join kind=leftanti (R | distinct s) on s | count`)).toEqual([[0]]);
  }));

test('what is sorted has each value at its place', () =>
  holds(async (rows) => {
    const expected = rows.map(({ n }) => n).toSorted((a, b) => (a ?? -99) - (b ?? -99));
    expect((await kql.rows('R | sort by n asc | project n')).flat()).toEqual(expected);
    expect((await kql.rows('R | sort by n desc | extend x = row_number() | where x <= 5 | project n')).flat()).toEqual(
      expected.toReversed().slice(0, 5),
    );
  }));

test('a series has as many rows as the table within its range', () =>
  holds(async (rows) => {
    const inside = rows.filter(({ t }) => t !== null && t < 2 * 86_400).length;
    const from = 'datetime(2022-09-28T22:13:20Z)';
    const [[counts] = []] = await kql.rows(
      `R | make-series kind=nonempty n = count() on t from ${from} to ${from} + 2d step 6h`,
    );
    expect((counts as number[]).reduce((a, b) => a + b, 0)).toBe(inside);
    expect(counts).toHaveLength(8);
  }));

test('range() makes at most 1,048,576 values', { timeout: 180_000 }, async () => {
  expect(await kql.rows('print array_length(range(1, 2000000))')).toEqual([[1_048_576]]);
});

test.each([
  [
    'R | where n > 3 | summarize c = count(), s = sum(n)',
    'SELECT count(*), coalesce(sum(n), 0)::DOUBLE FROM "R" WHERE n > 3',
  ],
  [
    'R | summarize c = count(), a = avg(r) by s | where c > 1 | sort by s asc',
    'SELECT s, count(*), coalesce(avg(r), \'nan\'::DOUBLE) FROM "R" GROUP BY s HAVING count(*) > 1 ORDER BY s',
  ],
  [
    'R | where isnotnull(t) | summarize c = dcount(s) by b = (t - datetime(2022-09-28T22:13:20Z)) / 1h > 24.0 | sort by c asc, toint(b) asc | project c',
    `SELECT count(DISTINCT s) AS c FROM "R" WHERE t IS NOT NULL GROUP BY (t - ${START}) > 864000000000 ORDER BY c`,
  ],
  ['R | top 5 by n asc nulls last, | project n'.replace(',', ''), 'SELECT n FROM "R" ORDER BY n NULLS LAST LIMIT 5'],
  [
    'R | join kind=leftouter (R | where n > 0 | summarize m = max(n) by s) on s | summarize sum(m)',
    'SELECT coalesce(sum(m), 0)::DOUBLE FROM "R" AS a LEFT JOIN (SELECT s, max(n) AS m FROM "R" WHERE n > 0 GROUP BY s) AS b USING (s)',
  ],
])('%s is what the same in hand-written SQL is', (query, written) =>
  holds(async () => {
    const plain = (rows: unknown[][]) =>
      rows.map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
    expect(plain(await kql.rows(query))).toEqual(plain(await kql.sql(written)));
  }),
);
