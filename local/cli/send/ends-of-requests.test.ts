import { expect, test } from 'vitest';
import type { LedgerLine } from '../../control/index.ts';
import { createSettlement } from './ends-of-requests.ts';
import { createTally, type Tally } from './tally.ts';

const never = new AbortController().signal;
const line = (key: string, sha256 = `sha of ${key}`, deliveries = 1): LedgerLine => ({
  key,
  destination: 'north',
  sha256,
  deliveries,
});

function setUp(ids: readonly string[]) {
  const tally = createTally();
  for (const id of ids) tally.accepted(id, `sha of ${id}`);
  const lines = new Map<string, LedgerLine>();
  const letters = new Set<string>();
  const asked: (readonly string[])[] = [];
  const world = { broker: true };
  const settlement = createSettlement({
    tally,
    chunk: 2,
    async ledger(keys) {
      asked.push(keys);
      return keys.flatMap((key) => lines.get(key) ?? []);
    },
    deadLetters: {
      async *ids() {
        yield* letters;
        if (!world.broker) throw new Error('the broker is away');
      },
    },
  });
  return { tally, settlement, lines, letters, asked, world };
}

const counts = (tally: Tally) => {
  const { accepted, delivered, deadLettered, lost, byDestination } = tally.result(0);
  return { accepted, delivered, deadLettered, lost, byDestination };
};

test('a file is delivered when the ledger holds its id with the same content', async () => {
  const { tally, settlement, lines } = setUp(['a', 'b', 'c']);
  lines.set('a', line('a'));
  lines.set('b', line('b', 'sha of something else'));
  await settlement.look(never);
  expect(counts(tally)).toEqual({
    accepted: 3,
    delivered: 1,
    deadLettered: 0,
    lost: 2,
    byDestination: { north: 1 },
  });
});

test('where the business makes another body of it, the id alone counts', async () => {
  const { tally, settlement, lines } = setUp([]);
  tally.accepted('a', undefined);
  lines.set('a', line('a', 'sha of another body'));
  await settlement.look(never);
  expect(counts(tally)).toMatchObject({ accepted: 1, delivered: 1, lost: 0 });
});

test('a dead letter of ours is an end, one of others is not', async () => {
  const { tally, settlement, letters } = setUp(['a', 'b']);
  letters.add('a').add('of another run');
  await settlement.look(never);
  expect(counts(tally)).toMatchObject({ delivered: 0, deadLettered: 1, lost: 1 });
});

test('a file that was delivered and dead-lettered counts once, as delivered', async () => {
  const { tally, settlement, lines, letters } = setUp(['a']);
  lines.set('a', line('a'));
  letters.add('a');
  await settlement.look(never);
  expect(counts(tally)).toMatchObject({ accepted: 1, delivered: 1, deadLettered: 0, lost: 0 });
});

test('the ledger is asked in pieces and only for files that still wait', async () => {
  const { settlement, lines, asked } = setUp(['a', 'b', 'c']);
  lines.set('a', line('a')).set('b', line('b'));
  await settlement.look(never);
  await settlement.look(never);
  expect(asked).toEqual([['a', 'b'], ['c'], ['c']]);
});

test('a broker that is away hides its letters and nothing else', async () => {
  const { tally, settlement, lines, letters, world } = setUp(['a', 'b']);
  world.broker = false;
  lines.set('a', line('a'));
  letters.add('b');
  await settlement.look(never);
  expect(counts(tally)).toMatchObject({ delivered: 1, deadLettered: 1, lost: 0 });
});

test('deliveries beyond the first are told apart from files', async () => {
  const { tally, settlement, lines } = setUp(['a']);
  lines.set('a', line('a', 'sha of a', 3));
  await settlement.look(never);
  expect(counts(tally)).toMatchObject({ delivered: 1 });
  expect(tally.repeatedDeliveries).toBe(2);
});

test('watching ends when every file has come to its end', async () => {
  const { tally, settlement, lines } = setUp(['a']);
  setTimeout(() => lines.set('a', line('a')), 20);
  await settlement.watch(never, () => tally.waiting.size === 0);
  expect(counts(tally)).toMatchObject({ delivered: 1, lost: 0 });
});

test('watching looks once more when the time is over', async () => {
  const { tally, settlement, lines } = setUp(['a', 'b']);
  lines.set('a', line('a'));
  await settlement.watch(AbortSignal.abort(), () => tally.waiting.size === 0);
  expect(counts(tally)).toMatchObject({ delivered: 1, lost: 1 });
});
