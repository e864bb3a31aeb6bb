import { expect, test } from 'vitest';
import { parseIsoDuration } from './iso-duration.ts';

test.each([
  ['PT1M', 60_000],
  ['PT0.5S', 500],
  ['P14D', 14 * 86_400_000],
  ['P1DT2H3M4.5S', 86_400_000 + 2 * 3_600_000 + 3 * 60_000 + 4_500],
  ['PT0S', 0],
  ['P10675199DT2H48M5.4775807S', 922_337_203_685_477],
])('%s is %d ms', (text, ms) => {
  expect(parseIsoDuration(text)).toBe(ms);
});

test.each(['', 'P', 'PT', 'P1DT', '1M', 'P1M', 'P1Y', 'P1W', '-PT1S', 'PT1.S', 'pt1s', 'PT1S ', '00:01:00', 'PT1S1M'])(
  '"%s" is no duration',
  (text) => {
    expect(parseIsoDuration(text)).toBeUndefined();
  },
);
