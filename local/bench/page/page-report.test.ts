import { expect, test } from 'vitest';
import { pagesHold, pageTable } from './page-report.ts';

const fast = { page: '/', range: '15m', paintMs: 120, dataMs: 400, firstMs: 900 };

test('a page that is late with its first paint breaks the promise, and so does none at all; late data is told', () => {
  expect(pagesHold([fast])).toBe(true);
  expect(pagesHold([{ ...fast, dataMs: 1_200, firstMs: 3_000 }])).toBe(true);
  for (const paintMs of [1_000, Number.NaN]) expect(pagesHold([fast, { ...fast, paintMs }]), `${paintMs}`).toBe(false);
  expect(pagesHold([])).toBe(false);
  const [, row] = pageTable({ rows: 5, pages: [{ ...fast, paintMs: 1_200 }] });
  expect(row).toEqual(['/', '15m', '1200', '1000', 'BROKEN', '400', '900']);
});
