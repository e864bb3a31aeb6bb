import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logRules, metricSeries, monthlyCost } from '../../tools/bicep/monthly-cost.ts';
import type { Snapshot } from '../../tools/bicep/predictions.ts';
import { withPrices } from '../../tools/bicep/price-table.ts';
import { type PriceFile, readPrices } from '../../tools/bicep/read-prices.ts';
import { root } from './bicep.ts';
import { hasModule } from './present-modules.ts';
import { levels, scenario, snapshots, topologies } from './snapshots.ts';

const guide = await readFile(join(root, 'docs', 'guides', 'cost.md'), 'utf8');
const file = readPrices();

/** The same file with some prices changed. */
const pricesChanged = (change: (price: number, name: string) => number): PriceFile => ({
  ...file,
  prices: Object.fromEntries(
    Object.entries(file.prices).map(([name, row]) => [name, { ...row, price: change(row.price, name) }]),
  ) as PriceFile['prices'],
});

/** The amounts of each line of the table by month, by what stands before them. */
const amounts = (page: string): Record<string, number[]> =>
  Object.fromEntries(
    [...page.matchAll(/^\| ([^|]+) \|((?: \d+\.\d\d \|){4})$/gm)].map(([, what = '', cells = '']) => [
      what,
      cells.split('|').slice(0, -1).map(Number),
    ]),
  );

const rule = (type: string, properties: object): Snapshot => ({
  predictedResources: [
    { id: 'x', name: 'x', apiVersion: 'x', type, properties: properties as Record<string, unknown> },
  ],
  diagnostics: [],
  outputs: {},
});

test('regenerating the prices of the guide changes nothing', () => {
  expect(withPrices(guide, snapshots, file)).toBe(guide);
  expect(Object.keys(amounts(guide))).toHaveLength(12);
});

test('no amount of the table is written by hand: with every price doubled each is twice as high', () => {
  const doubled = amounts(
    withPrices(
      guide,
      snapshots,
      pricesChanged((price) => 2 * price),
    ),
  );
  for (const [what, cells] of Object.entries(amounts(guide)))
    for (const [i, cell] of cells.entries()) expect(doubled[what]?.[i], what).toBeCloseTo(2 * cell, 1);
});

test('a changed price changes its line and the sums, and no other line', () => {
  const dearer = amounts(
    withPrices(
      guide,
      snapshots,
      pricesChanged((price, name) => (name === 'registry' ? price + 1 : price)),
    ),
  );
  const days = file.assumed.hours / 24;
  for (const [what, cells] of Object.entries(amounts(guide))) {
    const more = /registry|\*\*/.test(what) ? days : 0;
    expect(
      dearer[what]?.map((cell, i) => cell - (cells[i] ?? 0)),
      what,
    ).toEqual(cells.map(() => expect.closeTo(more, 1)));
  }
});

test('the sums are those of the lines above them, where the alerts of level 4 take the place of those of level 1, and level 5 adds', () => {
  const lines = Object.values(amounts(guide));
  const sumOf = (rows: number[][]) => [0, 1, 2, 3].map((i) => rows.reduce((sum, cells) => sum + (cells[i] ?? 0), 0));
  const close = (cells: number[]) => cells.map((cell) => expect.closeTo(cell, 5));
  expect(lines[6]).toEqual(close(sumOf(lines.slice(0, 6))));
  expect(lines[8]).toEqual(close(sumOf([...lines.slice(0, 5), ...lines.slice(7, 8)])));
  expect(lines[11]).toEqual(close(sumOf(lines.slice(8, 11))));
});

test('compute is what the replicas that always run are given, beyond what is free', () => {
  const seconds = file.assumed.hours * 3600;
  const { vcpuIdle, vcpuActive, memory } = file.prices;
  const compute = (apps: number, vcpu: number) =>
    (0.5 * apps * seconds - 180_000) * vcpu + (apps * seconds - 360_000) * memory.price;
  expect(monthlyCost(scenario(1, 'single'), 'idle', file).compute).toBeCloseTo(compute(1, vcpuIdle.price), 2);
  expect(monthlyCost(scenario(1, 'split'), 'active', file).compute).toBeCloseTo(compute(2, vcpuActive.price), 2);
});

test.each(topologies)('in topology %s levels 2 and 3 deploy nothing that costs more than level 1', (topology) => {
  const cost = (level: number) => monthlyCost(scenario(level, topology), 'active', file);
  for (const level of levels.filter((level) => level < 4)) expect(cost(level)).toEqual(cost(1));
});

test.runIf(hasModule('security-events'))('security events are billed by Sentinel, which has no free amount', () => {
  const cost = (level: number) => monthlyCost(scenario(level, 'single'), 'active', file).security;
  expect([cost(4), cost(5)]).toEqual([0, file.assumed.securityGb.active * file.prices.sentinel.price]);
  expect(file.prices.sentinel.free).toBeUndefined();
});

test.runIf(hasModule('data-export'))(
  'what is exported is billed once when it goes, and each month as long as it lies',
  () => {
    const { assumed, prices } = file;
    const gb = assumed.archivedGb.active;
    expect(monthlyCost(scenario(5, 'single'), 'active', file).archive).toBeCloseTo(
      gb * prices.export.price + gb * assumed.archivedMonths * prices.exportStorage.price,
      2,
    );
    expect(monthlyCost(scenario(4, 'single'), 'active', file).archive).toBe(0);
  },
);

test('a metric rule has a time series for each value that it is split by, and a queue may be many', () => {
  const split = { criterionType: 'DynamicThresholdCriterion', dimensions: [{ values: ['*'] }, { values: ['a', 'b'] }] };
  const watched = rule('Microsoft.Insights/metricAlerts', { scopes: ['one'], criteria: { allOf: [split] } });
  expect(metricSeries(watched, 3)).toEqual({ all: 6, learned: 6 });
  const test = rule('Microsoft.Insights/metricAlerts', { scopes: ['one', 'two'], criteria: { webTestId: 'x' } });
  expect(metricSeries(test, 3)).toEqual({ all: 2, learned: 0 });
});

test('a log rule is billed by how often it runs, and one that runs at no known pace stops the build', () => {
  const every = (evaluationFrequency: string) =>
    logRules(rule('Microsoft.Insights/scheduledQueryRules', { evaluationFrequency }));
  expect(['PT1M', 'PT5M', 'PT10M', 'PT30M', 'PT1H', 'P1D'].flatMap(every)).toEqual([
    'logRule1',
    'logRule5',
    'logRule10',
    'logRule15',
    'logRule15',
    'logRule15',
  ]);
  expect(() => every('often')).toThrow(/x runs every often/);
});

test('every price stands in the guide with its source, also when that is that nobody verified it', () => {
  for (const { meter, source } of Object.values(file.prices))
    expect(guide).toMatch(new RegExp(`^\\| ${meter} \\|.*\\| ${source} \\|$`, 'm'));
});
