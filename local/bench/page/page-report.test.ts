import { expect, test } from 'vitest';
import { pagesHold, pageTable } from './page-report.ts';

const fast = { page: '/', range: '15m', paintMs: 120, dataMs: 400, firstMs: 900 };

test('a page that is late with its paint, its data or its first visit breaks the promise, and so does none at all', () => {
  expect(pagesHold([fast])).toBe(true);
  for (const late of [{ paintMs: 1_000 }, { dataMs: 1_200 }, { firstMs: 3_000 }, { paintMs: Number.NaN }])
    expect(pagesHold([fast, { ...fast, ...late }]), JSON.stringify(late)).toBe(false);
  expect(pagesHold([])).toBe(false);
  const [, row] = pageTable({ rows: 5, pages: [{ ...fast, dataMs: 1_200 }] });
  expect(row).toEqual(['/', '15m', '120', '1200', '900', '1000', 'BROKEN']);
});
