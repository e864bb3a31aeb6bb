import { afterEach, expect, test } from 'vitest';
import type { Row } from '../application-insights/index.ts';
import { tables } from '../application-insights/tables.ts';
import { openWorkspace, type Workspace } from '../application-insights/workspace/workspace.ts';
import { createEngine } from '../kql/index.ts';
import { layTables } from './laid-tables.ts';
import { type Layout, layStretches, type Stretch, stretchNames } from './layout.ts';
import { start, tenSecondStretches } from './stretches.fixture.ts';

const layout: Layout = {
  seconds: { calm: 10, onset: 10, fault: 10, recovery: 10 },
  pieces: [
    { stretch: 'calm', minutes: 60, oneIn: 6 },
    { stretch: 'calm', minutes: 2 },
    { stretch: 'onset', minutes: 'once' },
    { stretch: 'fault', minutes: 10 },
    { stretch: 'recovery', minutes: 'once' },
  ],
  judgedBefore: 1,
};
let workspace: Workspace | undefined;
let close: (() => void) | undefined;
afterEach(async () => {
  close?.();
  await workspace?.stop();
});

/** A row of a second of the captured time, which arrives at once unless a second is given. */
const rowAt = (Type: Row['Type'], second: number, columns: object, arrivesAt = second) => ({
  row: { Type, TimeGenerated: new Date(start + second * 1_000).toISOString(), ...columns },
  at: start + arrivesAt * 1_000,
});

/** Lays rows and answers what asks them, as of a minute after the beginning of the fault. */
async function lay(
  arrived: readonly ReturnType<typeof rowAt>[],
  { held = false, stretches: own = tenSecondStretches }: { held?: boolean; stretches?: readonly Stretch[] } = {},
) {
  const timeLine = layStretches(own, layout);
  const opened = await openWorkspace(tables, { earlier: () => arrived.map(({ row }) => row) });
  workspace = opened;
  const laid = await layTables(opened, { stretches: own, timeLine, arrived, held });
  let clock = new Date();
  const engine = createEngine({ tables: opened, now: () => clock });
  close = () => {
    engine.close();
    laid.close();
  };
  return async (minute: number, query: string) => {
    clock = new Date(timeLine.faultAt + minute * 60_000);
    await laid.setMoment(new Date(clock.getTime() - 24 * 60 * 60_000), clock);
    return (await engine.run(query)).rows;
  };
}

test('each row stands once in each copy of its stretch, and a thinned one stands for those left out', async () => {
  const ask = await lay([
    rowAt('AppRequests', 3, { Name: 'calm', ItemCount: 2 }),
    rowAt('AppRequests', 23, { Name: 'fault', ItemCount: 1 }),
  ]);
  const counted = 'AppRequests | summarize rows = count(), stand = sum(ItemCount) by Name | order by Name asc';
  expect(await ask(30, counted)).toEqual([
    { Name: 'calm', rows: 72, stand: 60 * 6 * 2 + 12 * 2 },
    { Name: 'fault', rows: 60, stand: 60 },
  ]);
  expect(await ask(5, counted)).toEqual([
    { Name: 'calm', rows: 72, stand: 744 },
    { Name: 'fault', rows: 30, stand: 30 },
  ]);
});

test('all times of a row are shifted alike, and ids are new in each copy while joins hold', async () => {
  const Properties = { messageId: 'm1', source: 'parcels', note: 'as it is' };
  const ask = await lay([
    rowAt('AppRequests', 3, { OperationId: 'op', Id: 'span', ItemCount: 1, Properties }),
    rowAt('AppDependencies', 4, { OperationId: 'op', ParentId: 'span', ItemCount: 1 }),
  ]);
  const [joined] = await ask(
    30,
    `AppRequests | join kind=inner AppDependencies on OperationId
     | summarize pairs = count(), operations = dcount(OperationId, 4), parents = countif(Id == ParentId1),
         messages = dcount(tostring(Properties.messageId), 4), notes = dcount(tostring(Properties.note)),
         gap = max(TimeGenerated1 - TimeGenerated)`,
  );
  expect(joined).toEqual({ pairs: 72, operations: 72, parents: 72, messages: 72, notes: 1, gap: '00:00:01' });
});

test('where the fault holds rows back, they are there from the moment of the recovery in which they came', async () => {
  const stored = rowAt('AppTraces', 24, { Message: 'stored', ItemCount: 1 }, 38);
  const count = 'AppTraces | count';
  const ask = await lay([stored], { held: true });
  expect(await ask(10, count)).toEqual([{ Count: 0 }]);
  expect(await ask(10.4, count)).toEqual([{ Count: 60 }]);
});

test('without that, a batch that was on its way when the fault ended belongs to each copy of the fault', async () => {
  const ask = await lay([rowAt('AppTraces', 24, { Message: 'on its way', ItemCount: 1 }, 31)]);
  expect(await ask(10, 'AppTraces | count')).toEqual([{ Count: 60 }]);
});

test('an operation is copied whole, also where it ends a moment after its stretch', async () => {
  const ask = await lay([
    rowAt('AppRequests', 9.9, { OperationId: 'op', ItemCount: 1 }),
    rowAt('AppDependencies', 10.2, { OperationId: 'op', ItemCount: 1 }),
  ]);
  const pairs = 'AppRequests | join kind=inner AppDependencies on OperationId | count';
  expect(await ask(30, pairs)).toEqual([{ Count: 72 }]);
});

test('the age of what waits grows by the clock, unless the queue completes something', async () => {
  const age = (source: string, second: number) =>
    rowAt('AppMetrics', second, {
      ...{ Name: 'servicebus.oldest_message.age', ItemCount: 1, Min: 5, Max: 5, Sum: 5 },
      Properties: { source },
    });
  const completed = rowAt('AppEvents', 25, {
    ...{ Name: 'message.completed', ItemCount: 1, Measurements: { ageMs: 40 } },
    Properties: { source: 'moving' },
  });
  const ask = await lay([age('stalled', 22), age('moving', 22), completed]);
  const oldest =
    'AppMetrics | summarize oldest = max(Max) by source = tostring(Properties.source) | order by source asc';
  expect(await ask(30, oldest)).toEqual([
    { source: 'moving', oldest: 5 },
    { source: 'stalled', oldest: 5 + 59 * 10 },
  ]);
});

test('the ages of what is completed late grow by their slope, and in the recovery by the time the fault was laid longer', async () => {
  const longer = [20, 20, 20, 10].map((seconds, index) => ({ name: stretchNames[index] ?? 'calm', seconds }));
  const own = longer.map(({ name, seconds }, index) => ({
    ...{ name, from: start + index * 20_000 },
    until: start + index * 20_000 + seconds * 1_000,
  }));
  const completed = (second: number, ageMs: number) =>
    rowAt('AppEvents', second, {
      ...{ Name: 'message.completed', ItemCount: 1, Measurements: { ageMs, attempt: 1 } },
      Properties: { source: 'parcels' },
    });
  // Of each five seconds the oldest is a second and a half older than before.
  const slower = [0, 1, 2, 3].map((index) => completed(42 + index * 5, 3_000 + index * 1_500));
  const ask = await lay([completed(1, 400), ...slower, completed(45, 350), completed(61, 15_000), completed(62, 300)], {
    stretches: own,
  });
  const ages =
    'AppEvents | project TimeGenerated, age = tolong(Measurements.ageMs), attempt = toint(Measurements.attempt)';
  const inFault = await ask(10, `${ages} | summarize oldest = max(age), attempts = max(attempt)`);
  expect(inFault).toEqual([{ oldest: 7_500 + 29 * 6_000, attempts: 1 }]);
  const recovered = await ask(10.6, `${ages} | where TimeGenerated > ago(40s) | project age`);
  expect(recovered).toEqual(expect.arrayContaining([{ age: 15_000 + 29 * 20_000 }, { age: 300 }, { age: 350 }]));
});
