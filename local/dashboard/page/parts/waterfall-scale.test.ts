import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWaterfallScale, type Stretch } from './waterfall-scale.ts';

const stretch = fc.record({
  start: fc.integer({ min: 0, max: 1_000_000 }),
  ms: fc.integer({ min: 0, max: 60_000 }),
  waits: fc.boolean(),
});
const transaction = fc.array(stretch, { minLength: 1, maxLength: 30 });
const room = fc.integer({ min: 320, max: 1_200 });

test('a later time is never left of an earlier one, and all lie on the scale', () => {
  fc.assert(
    fc.property(transaction, room, fc.boolean(), (stretches, width, fold) => {
      const scale = createWaterfallScale(stretches, { width, fold });
      const times = stretches.flatMap(({ start, ms }) => [start, start + ms]).sort((a, b) => a - b);
      const places = times.map(scale.x);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places[0]).toBeGreaterThanOrEqual(8);
      expect(places.at(-1)).toBeLessThanOrEqual(scale.width - 70 + 1e-6);
    }),
  );
});

test('the time at the place of a time is that time', () => {
  fc.assert(
    fc.property(transaction, room, (stretches, width) => {
      const scale = createWaterfallScale(stretches, { width });
      for (const { start, ms } of stretches) {
        for (const time of [start, start + ms]) {
          expect(Math.abs(scale.time(scale.x(time)) - time)).toBeLessThan(1e-3 * Math.max(1, time));
        }
      }
    }),
  );
});

test('no idle stretch takes more than 108 pixels unless twelve are folded already, and folded ones take 54', () => {
  fc.assert(
    fc.property(transaction, room, (stretches, width) => {
      const { segments } = createWaterfallScale(stretches, { width });
      const folded = segments.filter((segment) => segment.folded);
      for (const segment of folded) expect(segment.width).toBe(54);
      if (folded.length === 12) return;
      for (const segment of segments) if (segment.idle) expect(segment.width).toBeLessThanOrEqual(108);
    }),
  );
});

test('the parts follow each other without a hole, and work keeps one scale', () => {
  fc.assert(
    fc.property(transaction, room, (stretches, width) => {
      const { segments } = createWaterfallScale(stretches, { width });
      for (const [index, segment] of segments.entries()) {
        const next = segments[index + 1];
        if (!next) continue;
        expect(next.from).toBe(segment.to);
        expect(next.left).toBeCloseTo(segment.left + segment.width, 6);
        expect(next.idle).toBe(!segment.idle);
      }
      const long = segments.filter(({ idle, width: px }) => !idle && px > 24.001);
      const scales = long.map(({ from, to, width: px }) => px / (to - from));
      for (const scale of scales) expect(scale).toBeCloseTo(scales[0] as number, 6);
    }),
  );
});

/** Three attempts of two seconds, five and 26 seconds apart. */
const retried: Stretch[] = [
  { start: 0, ms: 12 },
  { start: 41, ms: 2_030 },
  { start: 2_080, ms: 5_110, waits: true },
  { start: 7_190, ms: 2_010 },
  { start: 9_200, ms: 26_200, waits: true },
  { start: 35_400, ms: 507 },
];

test('a retried message is read as its attempts with short marks of the waits between', () => {
  const { segments } = createWaterfallScale(retried, { width: 420 });
  expect(segments.map(({ idle, folded }) => (folded ? 'fold' : idle ? 'idle' : 'work'))).toEqual([
    'work',
    'fold',
    'work',
    'fold',
    'work',
  ]);
  expect(segments.filter(({ folded }) => folded).map(({ from, to }) => to - from)).toEqual([5_119, 26_200]);
});

test('what a person unfolded stays open, and all is open on request', () => {
  const open = createWaterfallScale(retried, { width: 420, unfolded: new Set([9_200]) });
  expect(open.segments.find(({ from }) => from === 9_200)?.folded).toBe(false);
  const real = createWaterfallScale(retried, { width: 420, fold: false });
  expect(real.segments.some(({ folded }) => folded)).toBe(false);
  expect(real.x(35_907) - real.x(35_400)).toBeCloseTo(24, 0);
});

test('a transaction of one moment, or of nothing, has a scale too', () => {
  expect(createWaterfallScale([{ start: 5 }], { width: 400 }).x(5)).toBe(8);
  expect(createWaterfallScale([], { width: 400 }).x(0)).toBe(8);
});
