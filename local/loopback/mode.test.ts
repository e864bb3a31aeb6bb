import { expect, test } from 'vitest';
import { z } from 'zod';
import { flakyMode, okMode, readMode, slowMode } from './mode.ts';
import { createSeededShare } from './seeded-share.ts';

const modes = z.discriminatedUnion('mode', [okMode, slowMode, flakyMode]);

test('a mode comes with the defaults of its options', () => {
  expect(readMode(modes, 'slow', {})).toEqual({ mode: 'slow', ms: 2_000 });
  expect(readMode(modes, 'slow', { ms: 5 })).toEqual({ mode: 'slow', ms: 5 });
});

test('an unknown mode is refused with the names of the real ones', () => {
  expect(() => readMode(modes, 'slwo', {})).toThrow('There is no mode "slwo"; choose one of ok, slow, flaky');
});

test('an option that the mode does not have, or a value out of range, is refused by name', () => {
  expect(() => readMode(modes, 'ok', { ms: 5 })).toThrow(/^Mode "ok": .*"ms"/);
  expect(() => readMode(modes, 'flaky', { share: 2 })).toThrow(/^Mode "flaky": share: /);
});

test('the mode cannot be changed by an option of that name', () => {
  expect(readMode(modes, 'ok', { mode: 'slow' })).toEqual({ mode: 'ok' });
});

const draw = (share: number, seed: number, calls: number) => {
  const next = createSeededShare({ share, seed });
  return Array.from({ length: calls }, next);
};

test('the same seed gives the same order, another seed another', () => {
  expect(draw(0.5, 7, 100)).toEqual(draw(0.5, 7, 100));
  expect(draw(0.5, 7, 100)).not.toEqual(draw(0.5, 8, 100));
});

test('the share is kept, from the first calls on, for any seed', () => {
  expect(draw(0, 1, 1_000)).not.toContain(true);
  expect(draw(1, 1, 1_000)).not.toContain(false);
  for (const seed of [0, 1, -3, 2 ** 31, 123_456_789_012]) {
    const yes = draw(0.3, seed, 10_000).filter(Boolean).length;
    expect(yes).toBeGreaterThan(2_850);
    expect(yes).toBeLessThan(3_150);
  }
  const firsts = Array.from({ length: 1_000 }, (_, seed) => draw(0.3, seed, 1)[0]).filter(Boolean).length;
  expect(firsts).toBeGreaterThan(200);
  expect(firsts).toBeLessThan(400);
});
