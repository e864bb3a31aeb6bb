import { expect, test } from 'vitest';
import { ladderFaultsText } from '../../tools/ladder/ladder-faults-text.ts';
import { toLadderFaults } from './ladder-faults.ts';
import type { LoadResult } from './load-result.ts';
import { scenarios } from './scenarios.ts';
import { loadTable } from './soak-report.ts';

const kept: LoadResult = {
  scenario: 'destination-down',
  level: 2,
  seconds: 120,
  sent: 10,
  refused: 0,
  accepted: 10,
  delivered: 10,
  deadLettered: 0,
  lost: 0,
  duplicates: 0,
  mostDeliveries: 1,
  readiness: 200,
  recoveredAfterSeconds: 12.34,
  slowestSeconds: 50,
  otherP99Ms: { before: 40, during: 400 },
  otherP99OfWindowsMs: { before: 40, during: 44 },
  broken: [],
};
const brokenOf = (name: string, changes: Partial<LoadResult>) =>
  scenarios.find((scenario) => scenario.name === name)?.broken({ ...kept, scenario: name, ...changes });

test('a promise that holds is no finding', () => {
  for (const { name } of scenarios) expect(brokenOf(name, {}), name).toEqual([]);
});

test.each<[scenario: string, changes: Partial<LoadResult>, sentence: string]>([
  ['destination-down', { deadLettered: 1 }, '1 messages were dead-lettered'],
  ['destination-down', { mostDeliveries: 3 }, 'handed out 3 times'],
  ['destination-down', { recoveredAfterSeconds: 60.1 }, 'a minute after the return'],
  ['destination-down', { recoveredAfterSeconds: undefined }, 'a minute after the return'],
  ['destination-down', { readiness: 503 }, 'readiness answered 503'],
  ['one-destination-down', { otherP99OfWindowsMs: { before: 40, during: 140 } }, 'from 40 to 140 ms'],
  ['worker-kill', { deadLettered: 2 }, '2 messages were dead-lettered'],
])('%s: %o is a broken promise', (scenario, changes, sentence) => {
  expect(brokenOf(scenario, changes)).toEqual([expect.stringContaining(sentence)]);
});

test('level 1 has no promise to keep when destinations are down, but readiness', () => {
  for (const name of ['destination-down', 'one-destination-down']) {
    expect(brokenOf(name, { level: 1, deadLettered: 9, mostDeliveries: 10 })).toEqual([]);
    expect(brokenOf(name, { level: 1, readiness: 503 })).toEqual([expect.stringContaining('readiness answered 503')]);
  }
});

test('the table shows what was broken, and a recovery that never came', () => {
  const table = loadTable([kept, { ...kept, recoveredAfterSeconds: undefined, broken: ['one', 'two'] }]);
  expect(table[1]).toEqual(expect.arrayContaining(['12.3 s', 'holds']));
  expect(table[2]).toEqual(expect.arrayContaining(['never', 'one; two']));
});

test('a fault measured at all its levels becomes the rows of the page, another does not', async () => {
  const atLevel1 = { ...kept, level: 1, delivered: 4, deadLettered: 6, mostDeliveries: 10 };
  const measured = await toLadderFaults([atLevel1, kept, { ...kept, scenario: 'server-busy' }], new Date(0));
  expect(measured).toMatchObject({ measuredOn: '1970-01-01', faults: [{ name: 'destination-down', seconds: 120 }] });
  expect(Object.values(measured.versions)).not.toContain('unknown');
  const rows = ladderFaultsText(measured)
    .split('\n')
    .filter((line) => line.startsWith('| both'));
  expect(rows).toEqual([
    expect.stringMatching(/\| 1 baseline \| dead-letters \| 10 \| 4 \| 6 \| 0 \| 10 \|/),
    expect.stringMatching(/\| 2 recoverable \| delivers \| 10 \| 10 \| 0 \| 0 \| 1 \| 12\.3 s \|/),
  ]);
  expect((await toLadderFaults([kept])).faults).toEqual([]);
});
