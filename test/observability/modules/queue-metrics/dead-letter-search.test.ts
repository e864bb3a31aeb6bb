import Long from 'long';
import { expect, test } from 'vitest';
import { createDeadLetterSearch } from '../../../../src/observability/modules/queue-metrics/dead-letter-search.ts';
import type { MessageSource, Page, ReceivedMessage } from '../../../../src/platform/messaging.ts';

const source = { name: 'parcels', queue: 'parcels', lockDurationMs: 60_000, maxDeliveryCount: 10 };
const expired = 'TTLExpiredException';
const running = new AbortController().signal;

/** A dead-letter queue that gives at most `mostAtOnce` messages a page, and a search of it. */
function searched({ mostAtOnce = 2, lookBack = 5 } = {}) {
  const queue = new Map<number, string>();
  const noticed: string[] = [];
  let read = 0;
  const peek = async (_: MessageSource, maxMessages: number, { from = 0n }: Page = {}) => {
    const numbers = [...queue.keys()].toSorted((a, b) => a - b).filter((number) => number >= from);
    const page = numbers.slice(0, Math.min(maxMessages, mostAtOnce));
    read += page.length;
    return page.map((number): ReceivedMessage => {
      const facts = { sequenceNumber: Long.fromNumber(number), deadLetterReason: queue.get(number) };
      return facts as unknown as ReceivedMessage;
    });
  };
  const search = createDeadLetterSearch(
    peek,
    (_, { sequenceNumber }) => void noticed.push(String(sequenceNumber)),
    lookBack,
  );
  return {
    queue,
    noticed,
    search: () => search(source, running),
    stopped: () => search(source, AbortSignal.abort()),
    read: () => read,
  };
}

test('the dead letters that are there at the start are learned in several pages, and not noticed', async () => {
  const { queue, noticed, search } = searched();
  for (let number = 1; number <= 7; number++) queue.set(number, expired);
  await search();
  expect(noticed).toEqual([]);
});

test('a dead letter that the broker made since is noticed once, also the first of all', async () => {
  const { queue, noticed, search } = searched();
  await search();
  queue.set(3, expired);
  await search();
  await search();
  expect(noticed).toEqual(['3']);
});

test('one with a lower sequence number than the last is noticed', async () => {
  const { queue, noticed, search } = searched();
  queue.set(10, expired);
  queue.set(20, expired);
  await search();
  queue.set(15, 'MaxDeliveryCountExceeded');
  await search();
  expect(noticed).toEqual(['15']);
});

test('what a handler or another receiver has dead-lettered is not noticed: its maker announces it', async () => {
  const { queue, noticed, search } = searched();
  await search();
  queue.set(1, 'PermanentFailure');
  queue.set(2, '');
  await search();
  expect(noticed).toEqual([]);
});

test('a full dead-letter queue is read once, and afterwards only its end', async () => {
  const { queue, noticed, search, read } = searched({ mostAtOnce: 50 });
  for (let number = 1; number <= 500; number++) queue.set(number, expired);
  await search();
  expect(read()).toBe(500);
  queue.set(501, expired);
  await search();
  expect(read()).toBe(506);
  expect(noticed).toEqual(['501']);
});

test('a search that was stopped goes on where it was, and learns on', async () => {
  const { queue, noticed, search, stopped, read } = searched({ mostAtOnce: 50 });
  for (let number = 1; number <= 9; number++) queue.set(number, expired);
  await stopped();
  expect(read()).toBe(0);
  await search();
  expect(noticed).toEqual([]);
});
