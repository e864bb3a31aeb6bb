import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServiceBus, startServiceBus } from '../../service-bus/index.ts';
import { followQueuesFile, queuesFile, readQueuesFile } from './queues-file.ts';

let root: string;
let serviceBus: ServiceBus;
let follow: ReturnType<typeof followQueuesFile>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'queues ü '));
  await mkdir(dirname(join(root, queuesFile)));
  await write({ queues: { orders: {} }, topics: { Events: { subscriptions: { audit: {} } } } });
  serviceBus = await startServiceBus({ entities: readQueuesFile(root) });
  follow = followQueuesFile(root, serviceBus.entities);
});
afterEach(async () => {
  await serviceBus.stop();
  await rm(root, { recursive: true, force: true });
});

const write = (content: unknown) =>
  writeFile(join(root, queuesFile), typeof content === 'string' ? content : JSON.stringify(content));
const names = () => serviceBus.entities.queues().map(({ name }) => name);

test('a file that has not changed has nothing to tell', () => {
  expect(follow()).toEqual({ usable: true, sentences: [] });
});

test('what is new is made and told once, and what was there stays as it is', async () => {
  const before = serviceBus.entities.queue('orders')?.queue;
  const events = { subscriptions: { audit: {}, mail: {} } };
  await write({ queues: { orders: {}, 'orders.retry': {} }, topics: { Events: events, more: {} } });
  expect(follow()).toEqual({
    usable: true,
    sentences: ['queue "orders.retry"', 'subscription "Events/mail"', 'topic "more"'].map(
      (label) => `infra/queues.json: ${label} is new, and the broker has it now.`,
    ),
  });
  expect(names()).toEqual(['orders', 'orders.retry']);
  expect(serviceBus.entities.queue('orders')?.queue).toBe(before);
  expect(follow().sentences).toEqual([]);
});

test('what is gone is kept and told once, and what has other properties too', async () => {
  await write({ queues: {}, topics: { events: { subscriptions: { audit: { maxDeliveryCount: 3 } } } } });
  const { usable, sentences } = follow();
  expect(usable).toBe(true);
  expect(sentences).toEqual([
    expect.stringContaining('subscription "events/audit" has other properties now'),
    expect.stringContaining('queue "orders" is no longer in it; the broker keeps it and its messages'),
  ]);
  expect(names()).toEqual(['orders']);
  expect(follow().sentences).toEqual([]);
});

test('without a broker the first entity asks for a new start, and until then nothing changes', async () => {
  await write({ queues: {}, topics: {} });
  follow = followQueuesFile(root, undefined);
  expect(follow()).toEqual({ usable: true, sentences: [] });
  await write({ queues: {}, topics: { events: { subscriptions: {} } } });
  const sentence =
    'infra/queues.json names its first queue or topic, and no Service Bus runs yet: stop this and start it again.';
  expect(follow()).toEqual({ usable: false, sentences: [sentence] });
});

test.each([
  ['half a file', '{"queues":', /^infra\/queues.json cannot be used: .*JSON/],
  [
    'a property that is none',
    { queues: { orders: { lockDurations: 'PT1M' }, b: { c: 1 } } },
    /lockDurations.*, and 1 more$/,
  ],
  ['a name of two entities', { queues: { events: {} } }, /events is taken by an entity of another type/],
])('%s is told in one line and changes nothing, and a good file mends it', async (_what, content, sentence) => {
  await write(content);
  const { usable, sentences } = follow();
  expect({ usable, count: sentences.length }).toEqual({ usable: false, count: 1 });
  expect(sentences[0]).toMatch(sentence);
  expect(sentences[0]).not.toContain('\n');
  expect(names()).toEqual(['orders']);
  await write({ queues: { orders: {}, late: {} }, topics: { Events: { subscriptions: { audit: {} } } } });
  expect(follow()).toEqual({ usable: true, sentences: [expect.stringContaining('queue "late" is new')] });
});
