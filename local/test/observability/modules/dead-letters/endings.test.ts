import { expect, test, vi } from 'vitest';
import { readHistory } from '../../../../../src/observability/modules/dead-letters/history.ts';
import { property } from '../../../../../src/observability/modules/dead-letters/properties.ts';
import { PermanentError, TransientError } from '../../../../../src/platform/errors.ts';
import { timeIn } from '../../../../../src/platform/message-properties.ts';
import { ids, inQueue, message } from '../../../platform/service-bus/with-broker.ts';
import { quickPolicy, startWithDeadLetters } from './with-dead-letters.ts';

const patience = { timeout: 15_000, interval: 10 };
const timeout = 30_000;
const settings = { handlerTimeoutMs: 30_000, sendTimeoutMs: 30_000 }; // a send on a busy machine takes its time

const fail = {
  'answers 503': () => new TransientError('503'),
  'refuses connections': () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return new TransientError('The destination cannot be reached.', { cause });
  },
};
type Way = keyof typeof fail;
const ways = Object.keys(fail) as Way[];

/** A handler whose only dependency fails in one way until it is mended. */
function createOutage(way: Way) {
  const outage = { isOver: false, attempts: [] as number[] };
  const handler = async (_message: unknown, { call, attempt }: { call: Call; attempt: number }) => {
    await call('north', async () => {
      if (outage.isOver) return;
      outage.attempts.push(attempt);
      throw fail[way]();
    });
  };
  return { outage, handler };
}
type Call = <T>(dependency: string, run: () => Promise<T>) => Promise<T>;

test.concurrent.for(ways)(
  'a message alone with a dependency that %s is dead-lettered when its attempts are used up',
  { timeout },
  async (way, context) => {
    const { outage, handler } = createOutage(way);
    const { bus, send, start, deadLetters, messages } = await startWithDeadLetters(context, {
      settings,
      options: { immediateDelaysMs: [1, 1] },
      handler,
    });
    await start();
    await send('parcels', message('poison'));
    await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 1 }), patience);
    const [dead] = await deadLetters();
    expect(dead).toMatchObject({
      deadLetterReason: 'RetriesExhausted',
      applicationProperties: { [property.attempts]: 3 },
    });
    expect(outage.attempts).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
    expect(messages()).not.toContain('dependency does not answer');
  },
);

test.concurrent(
  'messages at fault end although their dependency is left alone meanwhile, because it answers',
  async (context) => {
    const { handler } = createOutage('answers 503');
    const { bus, send, start, deadLetters, messages } = await startWithDeadLetters(context, { settings, handler });
    await start();
    for (const id of ids(4)) await send('parcels', message(id));
    await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 4 }), patience);
    expect(messages()).toContain('dependency does not answer');
    for (const { deadLetterReason, applicationProperties } of await deadLetters()) {
      expect(deadLetterReason).toBe('RetriesExhausted');
      const failed = readHistory(applicationProperties).filter(({ reason }) => reason === 'TransientFailure');
      expect(failed.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    }
  },
  timeout,
);

test.concurrent(
  'after an attempt that failed a refusal at once does not take it back',
  async (context) => {
    const { outage, handler } = createOutage('answers 503');
    const { bus, send, start } = await startWithDeadLetters(context, {
      settings,
      options: { immediateDelaysMs: [1, 1], policy: { ...quickPolicy, attempts: 2, firstMs: 1 } },
      handler,
    });
    await start();
    for (const id of ids(6)) await send('parcels', message(id));
    await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 6 }), patience);
    expect(outage.attempts.length).toBeLessThanOrEqual(6 * 2 + 4); // five calls open it, then one for each attempt
  },
  timeout,
);

test.concurrent('a message whose properties leave no room for those of a dead letter is left to the broker, with a warning', async (context) => {
  const settled: string[] = [];
  const { bus, send, start, deadLetters, lines } = await startWithDeadLetters(context, {
    settings,
    entities: { queues: { parcels: { maxDeliveryCount: 2 } } },
    handler: async () => {
      throw new PermanentError('NoRule', 'x'.repeat(1_000));
    },
    business: { settled: (_message, { kind }) => settled.push(kind) },
  });
  const applicationProperties = { a: 'x'.repeat(30_500), b: 'x'.repeat(30_500) };
  await send('parcels', { ...message('a'), applicationProperties });
  await start();
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 1 }), patience);
  await vi.waitFor(() => expect(settled).toEqual(['abandon', 'dead-letter']), patience);
  const [dead] = await deadLetters();
  expect(dead).toMatchObject({ deadLetterReason: 'MaxDeliveryCountExceeded' });
  expect(lines.map(({ severity, message: text, fields: { why } }) => [severity, text, why])).toEqual(
    Array(2).fill([
      ...['warning', 'message left to the broker'],
      'Its application properties leave no room for those of the service.',
    ]),
  );
});

/** The default schedule (150 to 200 s) and an outage of two minutes, forty times as fast. */
const fast = {
  policy: { attempts: 5, firstMs: 125, factor: 3, capMs: 22_500, maxReplays: 1, giveUpAfterMs: 3_600_000 },
  immediateDelaysMs: [3, 12],
  probe: { firstMs: 25, factor: 2, capMs: 375 },
};
const twoMinutesMs = 3_000;

test.concurrent.for(ways.flatMap((way) => [1, 300].map((count) => [way, count] as const)))(
  'an outage of two minutes that %s dead-letters none of %i messages',
  { timeout },
  async ([way, count], context) => {
    const { outage, handler } = createOutage(way);
    const { bus, send, start } = await startWithDeadLetters(context, { settings, options: fast, handler });
    await Promise.all(ids(count).map((id) => send('parcels', message(id))));
    await start();
    await vi.waitFor(() => expect(outage.attempts.length).toBeGreaterThan(0), patience);
    setTimeout(() => {
      outage.isOver = true;
    }, twoMinutesMs);
    await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 0 }), patience);
    expect(outage.isOver).toBe(true);
  },
);

test.concurrent(
  'copies share the time to live of the first message, and one that would be due after it is not sent',
  async (context) => {
    const { bus, send, start, deadLetters } = await startWithDeadLetters(context, {
      settings,
      options: { policy: { ...quickPolicy, firstMs: 100, factor: 100, capMs: 10_000 } },
      handler: async () => {
        throw new TransientError('503');
      },
    });
    await start();
    await send('parcels', { ...message('a'), timeToLive: 6_000 });
    await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 1 }), patience);
    const [dead] = await deadLetters();
    expect(dead).toMatchObject({ deadLetterReason: 'ExpiresBeforeRetry' });
    const times = [property.firstEnqueuedAt, property.expiresAt].map((name) =>
      timeIn(dead?.applicationProperties, name),
    );
    expect(Number(times[1]) - Number(times[0])).toBe(6_000);
    expect(readHistory(dead?.applicationProperties).map(({ outcome }) => outcome)).toEqual([
      'retried',
      'dead-lettered',
    ]);
  },
  timeout,
);

test.concurrent(
  'messages that wait for a dependency without an answer are given up when they are too old',
  async (context) => {
    const { handler } = createOutage('refuses connections');
    const { bus, send, start, deadLetters } = await startWithDeadLetters(context, {
      settings,
      options: { policy: { ...quickPolicy, attempts: 1_000, giveUpAfterMs: 1_500 } },
      handler,
    });
    await start();
    for (const id of ids(4)) await send('parcels', message(id));
    await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 4 }), patience);
    for (const { deadLetterReason } of await deadLetters()) expect(deadLetterReason).toBe('RetriedTooLong');
  },
  timeout,
);
