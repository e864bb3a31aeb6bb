import { expect, test } from 'vitest';
import { describeLayout, type Layout, layStretches, type Stretch, usualLayout } from './layout.ts';

const start = Date.UTC(2026, 10, 22, 12, 0, 40);
const lengths = { calm: 10, onset: 5, fault: 20, recovery: 10 };
const stretches: Stretch[] = [
  { name: 'calm', from: start, until: start + 10_000 },
  { name: 'onset', from: start + 10_000, until: start + 15_000 },
  { name: 'fault', from: start + 15_000, until: start + 35_000 },
  { name: 'recovery', from: start + 35_000, until: start + 45_000 },
];
const layout: Layout = {
  seconds: lengths,
  pieces: [
    { stretch: 'calm', minutes: 2, oneIn: 3 },
    { stretch: 'onset', minutes: 'once' },
    { stretch: 'fault', minutes: 1 },
    { stretch: 'recovery', minutes: 'once' },
  ],
  judgedBefore: 1,
};

test('copies follow each other without a gap, as many as fill the minutes, and one in so many stands for the others', () => {
  const { copies, faultAt, judgedFrom, until } = layStretches(stretches, layout);
  const shown = copies.map(({ stretch, at, weight, before }) => [stretch, (at - faultAt) / 1_000, weight, before]);
  expect(shown).toEqual([
    ['calm', -120, 3, 0],
    ['calm', -90, 3, 3],
    ['calm', -60, 3, 6],
    ['calm', -30, 3, 9],
    ['onset', 0, 1, 0],
    ['fault', 5, 1, 0],
    ['fault', 25, 1, 1],
    ['fault', 45, 1, 2],
    ['recovery', 65, 1, 0],
  ]);
  expect((judgedFrom - faultAt) / 1_000).toBe(-60);
  expect((until - faultAt) / 1_000).toBe(75);
});

test('the fault begins at a whole minute, and each copy has a number of its own', () => {
  const { copies, faultAt } = layStretches(stretches, layout);
  expect(faultAt % 60_000).toBe(0);
  expect(new Set(copies.map(({ number }) => number)).size).toBe(copies.length);
});

test('a stretch that was not captured is named', () => {
  expect(() => layStretches(stretches.slice(0, 2), layout)).toThrow('The stretch "fault" was not captured.');
});

test('the layout is said in words, a line for each piece', () => {
  expect(describeLayout(layout)).toEqual([
    '10 s of calm, laid for 2 min, one copy in 3 standing for 3',
    '5 s of onset, once',
    '20 s of fault, laid for 1 min',
    '10 s of recovery, once',
  ]);
});

test('the usual layout fills a day before the fault, so that every window but that of two days is full', () => {
  const { pieces } = usualLayout();
  const before = pieces.slice(
    0,
    pieces.findIndex(({ stretch }) => stretch === 'onset'),
  );
  const minutes = before.map((piece) => (piece.minutes === 'once' ? 0 : piece.minutes));
  expect(minutes.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(23.5 * 60);
});
