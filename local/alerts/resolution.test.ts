import { expect, test } from 'vitest';
import { minutesUntilResolved } from './resolution.ts';

test.each([
  [1, 10],
  [5, 15],
  [10, 30],
  [15, 45],
  [30, 60],
  [60, 120],
  [660, 1320],
  [720, 720],
])('a log rule of every %i minutes is resolved when not met for %i', (frequency, minutes) => {
  expect(minutesUntilResolved(frequency)).toBe(minutes);
});
