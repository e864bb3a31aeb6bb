import { expect, test } from 'vitest';
import { clockTime } from '../for-eyes.ts';
import { describeState } from './describe-state.ts';

test('a stand-in of several things has a line for each, and what holds for all comes first', () => {
  const since = '2026-11-29T00:17:06.602Z';
  const destinations = { images: { mode: 'slow', ms: 5_000, since, answers: { 201: 2, 503: 1 } }, b: { mode: 'ok' } };
  expect(describeState('destination', { listening: false, destinations })).toBe(
    [
      '  destination        listening no',
      `    images     slow  ms 5000  since ${clockTime(since)}  answers 201: 2, 503: 1`,
      '    b          ok',
      '',
    ].join('\n'),
  );
});

test('what has no value is left out', () => {
  const state = { mode: 'ok', running: true, links: 3, sends: null, answers: {} };
  expect(describeState('service-bus', state)).toBe('  service-bus  ok  running yes  links 3\n');
});
