import { expect, test } from 'vitest';
import { drills } from './catalogue/index.ts';
import type { Drill } from './drill-definition.ts';
import type { DrillReport } from './drill-report.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';
import { atOnce, runDrills, runsOf, secondsOf, usualLevels } from './run-drills.ts';

const anyDrill: Drill = {
  ...{ name: 'x', question: 'x', signals: [], mustFire: [], begin: () => undefined, end: () => undefined },
};

/** Starting, settling and judging, as measured on two busy cores. */
const besideStretches = { seconds: 15, ofCalm: 200 };
const quarterOfAnHour = 900;

test('the drills that take longest begin first, so that all fit into a quarter of an hour', () => {
  const runs = runsOf({ drills });
  const lengths = runs.map(({ drill }) => secondsOf(drill));
  expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  const workers = Array.from({ length: atOnce }, () => 0);
  for (const { drill } of runs) {
    const more = drill.name === 'calm' ? besideStretches.ofCalm : besideStretches.seconds;
    const first = workers.indexOf(Math.min(...workers));
    workers[first] = (workers[first] ?? 0) + secondsOf(drill) + more;
  }
  expect(Math.max(...workers)).toBeLessThan(quarterOfAnHour);
});

test('calm captures ten minutes, and judges a day after a day that fills the windows', () => {
  const calm = drills.find(({ name }) => name === 'calm');
  expect(calm && secondsOf(calm)).toBe(600);
  const minutes = (calm?.pieces ?? []).map((piece) => (piece.minutes === 'once' ? 0 : piece.minutes));
  expect(minutes).toEqual([23 * 60, 60, 0, 12 * 60, 0, 12 * 60]);
});

test('a drill runs at the lowest level that has a rule for it, or where it says that it begins to matter, and at the highest', () => {
  const levelsOf = (rules: number[], from?: number) =>
    usualLevels({
      ...anyDrill,
      mustFire: rules.map((level) => ({ rule: 'x', from: level, why: 'x' })),
      ...(from !== undefined && { from }),
    });
  expect([levelsOf([4, 1]), levelsOf([5]), levelsOf([]), levelsOf([1, 5], 4), levelsOf([], 1)]).toEqual([
    ...[[1, 5], [5], [5], [4, 5], [1, 5]],
  ]);
});

test.each([
  ['a listener that wants it: it runs once more, and the second report counts', true, [[], []], [['late']]],
  ['any other: it counts as it is', false, [['late'], []], []],
])('a run that does not hold is told to %s', async (_to, asked, expected, told) => {
  let runs = 0;
  const run = async ({ level }: { level: number }): Promise<DrillReport> => ({
    ...{ drill: 'x', level, question: 'x', fired: [], missed: [], unexpected: [], seen: [], layout: [] },
    ...{ messages: { sent: 0, delivered: 0, waiting: 0, deadLettered: 0, lost: 0, refused: 0 } },
    ...{ firstToKnow: undefined, recoveredAfterSeconds: undefined, tookSeconds: 0 },
    broken: runs++ === 0 ? ['late'] : [],
  });
  const heard: DrillReport[] = [];
  const selection = { drills: [{ ...anyDrill, run }], levels: [1, 4] };
  const reports = await runDrills({} as DrilledCheckout, selection, {
    ...{ done: async () => undefined, told: () => undefined },
    ...(asked && { again: (first: DrillReport) => void heard.push(first) }),
  });
  expect(runs).toBe(2 + told.length);
  expect(reports.map(({ broken }) => broken)).toEqual(expected);
  expect(heard.map(({ broken }) => broken)).toEqual(told);
});
