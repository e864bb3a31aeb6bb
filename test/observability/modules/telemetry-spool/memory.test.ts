import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createBatchQueue, type Entry } from '../../../../src/observability/modules/telemetry-spool/batch-queue.ts';
import { newStateDir, startEndpoint, startSpool } from './tested-spool.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test.for([
  ['on disk', { diskBytes: 1e6 }],
  ['in memory', { memoryBytes: 1e6 }],
  ['of many small batches', { batches: 100 }],
] as const)('memory stays the same in an outage that goes on: %s', async ([where, limits], ends) => {
  const endpoint = await startEndpoint(ends, () => ({ status: 503 }));
  const stateDir = newStateDir(ends);
  if (where === 'in memory') writeFileSync(join(stateDir, 'telemetry-spool'), 'no folder');
  const { send, lost } = startSpool(ends, { stateDir, limits, firstDelayMs: 60_000, tell: false });
  const items = where === 'of many small batches' ? [1] : Array.from({ length: 2_000 }, (_, n) => 10_000 + n);
  const used = async (batches: number) => {
    for (let n = 0; n < batches; n++) await send(endpoint.url, items);
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  await used(200);
  const early = await used(200);
  const late = await used(600);
  expect(late).toBeLessThan(early + 1_000_000);
  expect(lost()).toEqual([]);
});

test('whatever happens to batches, the bounds hold and the order is that of their making', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('keep' as const), bytes: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constantFrom('next', 'remove', 'release', 'drop', 'close') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const dropped: string[] = [];
      let now = 0;
      const queue = createBatchQueue({
        store: { save: () => Promise.reject(new Error('no disk')) },
        now: () => now++,
        limits: { memoryBytes: 100, batches: 10, ageMs: 1e9 },
        dropped: (body) => void dropped.push(body),
        diskFailed() {},
        diskWorks() {},
      });
      const inHand: Entry[] = [];
      const alive = new Map<string, number>();
      let made = 0;
      for (const { kind, ...rest } of steps) {
        const entry = inHand[0];
        if (kind === 'keep' && 'bytes' in rest) {
          const body = `${made++}`.padEnd(rest.bytes + 3, ' ');
          alive.set(body, made);
          queue.release(await queue.keep(body));
        } else if (kind === 'next') {
          const next = queue.next();
          if (next) inHand.push(next);
        } else if (kind === 'close') await queue.close();
        else if (entry) {
          inHand.shift();
          if (kind === 'remove') alive.delete(entry.body ?? '');
          if (kind === 'remove') queue.remove(entry);
          else if (kind === 'release') queue.release(entry);
          else await queue.drop(entry, 'asked');
        }
        await vi.waitFor(() => expect(queue.size()).toBeLessThanOrEqual(10 + inHand.length));
      }
      await setImmediate();
      const order: string[] = [];
      for (let next = queue.next(); next; next = queue.next()) order.push((await next.read()) ?? '');
      const numbers = order.map(Number);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      for (const body of dropped) expect(alive.delete(body)).toBe(true); // told once
      expect(order.join('').length).toBeLessThanOrEqual(100 + 43);
      expect(order.length + inHand.length).toBe(alive.size);
    }),
    { numRuns: 60 },
  );
});
