import { type Stretch, stretchNames } from './layout.ts';

/** When the stretches of tests begin. */
export const start = Date.UTC(2026, 10, 22, 12);

/** The four stretches, of ten seconds each. */
export const tenSecondStretches: readonly Stretch[] = stretchNames.map((name, index) => ({
  name,
  from: start + index * 10_000,
  until: start + (index + 1) * 10_000,
}));
