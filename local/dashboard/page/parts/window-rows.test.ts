import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsInSight } from './window-rows.ts';

test('all rows in sight are drawn, and few others, wherever a list of any length is scrolled to', () => {
  fc.assert(
    fc.property(
      fc.nat(100_000),
      fc.nat(3_000_000),
      fc.integer({ min: 1, max: 2_000 }),
      (count, scrollTop, clientHeight) => {
        const { first, last } = rowsInSight({ scrollTop, clientHeight }, { count, height: 32, head: 30 });
        const isInSight = (row: number) => 30 + row * 32 + 32 > scrollTop && 30 + row * 32 < scrollTop + clientHeight;
        const edges = [Math.floor((scrollTop - 30) / 32), Math.ceil((scrollTop + clientHeight - 30) / 32) - 1];
        for (const row of edges.map((edge) => Math.max(0, Math.min(count - 1, edge)))) {
          if (count > 0 && isInSight(row)) expect(first <= row && row < last).toBe(true);
        }
        expect(last - first).toBeLessThanOrEqual(clientHeight / 32 + 2 + 16);
        expect(last).toBeLessThanOrEqual(count);
      },
    ),
  );
});
