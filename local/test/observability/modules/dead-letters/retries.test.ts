import { expect, test, vi } from 'vitest';
import { readHistory } from '../../../../../src/observability/modules/dead-letters/history.ts';
import { MalformedError, PermanentError, TransientError } from '../../../../../src/platform/errors.ts';
import { originalIdOf } from '../../../../../src/platform/message-properties.ts';
import { startDestination } from '../../../../destination/index.ts';
import { copyOf } from '../../../../queued-message.ts';
import { inQueue, message } from '../../../platform/service-bus/with-broker.ts';
import { entities, quickPolicy, startWithDeadLetters } from './with-dead-letters.ts';

const patience = { timeout: 5_000, interval: 10 };

test.concurrent('a failure that passes at once is retried inside the lock, as the same attempt', async (context) => {
  const attempts: number[] = [];
  const { bus, send, start, messages } = await startWithDeadLetters(context, {
    options: { immediateDelaysMs: [5, 5] },
    handler: async (_message, { attempt }) => {
      attempts.push(attempt);
      if (attempts.length < 3) throw new Error('connection reset');
    },
  });
  await start();
  await send('parcels', message('a'));
  await vi.waitFor(() => expect(attempts).toHaveLength(3), patience);
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 0 }), patience);
  expect(attempts).toEqual([1, 1, 1]);
  expect(messages()).toEqual([]);
});

test.concurrent('a failure that stays is retried by copies, and its dead letter tells the whole story', async (context) => {
  const seen: unknown[] = [];
  const { bus, send, start, deadLetters, lines } = await startWithDeadLetters(context, {
    handler: async (received, { attempt }) => {
      seen.push([originalIdOf(received), received.messageId === 'a', attempt]);
      throw new TransientError(`refused with AccountKey=c2VjcmV0 the ${attempt}. time`);
    },
  });
  await start();
  const before = Date.now();
  await send('parcels', { ...message('a'), correlationId: 'c-1', applicationProperties: { 'item-id': 'a', mine: 7 } });
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 1 }), patience);

  expect(seen).toEqual([
    ['a', true, 1],
    ['a', false, 2],
    ['a', false, 3],
  ]);
  const [dead] = await deadLetters();
  expect(dead).toMatchObject({
    body: Buffer.from('a'),
    correlationId: 'c-1',
    deadLetterReason: 'RetriesExhausted',
    deadLetterErrorDescription: 'TransientError: refused with AccountKey=REDACTED the 3. time',
    applicationProperties: {
      'item-id': 'a',
      mine: 7,
      'obs-original-id': 'a',
      'obs-attempts': 3,
      'obs-copy': 3,
      'obs-service-version': '1.2.3',
      'obs-error-fingerprint': expect.stringMatching(/^[0-9a-f]{16}$/),
    },
  });
  const properties = dead?.applicationProperties ?? {};
  expect(properties).not.toHaveProperty('obs-parked');
  expect(properties['obs-first-failure']).toBe(readHistory(properties)[0]?.time);
  expect(Date.parse(String(properties['obs-first-enqueued-at']))).toBeGreaterThanOrEqual(before);
  expect(Date.parse(String(properties['obs-first-enqueued-at']))).toBeLessThanOrEqual(
    Date.parse(String(properties['obs-first-failure'])),
  );
  expect(readHistory(properties)).toMatchObject([
    { attempt: 1, outcome: 'retried', reason: 'TransientFailure', host: 'replica-1' },
    { attempt: 2, outcome: 'retried', reason: 'TransientFailure' },
    { attempt: 3, outcome: 'dead-lettered', reason: 'TransientFailure' },
  ]);
  expect(lines.map(({ severity, message: text }) => [severity, text])).toEqual([
    ['warning', 'message attempt failed'],
    ['warning', 'message attempt failed'],
    ['error', 'message dead-lettered'],
  ]);
});

test.concurrent('what cannot pass is dead-lettered at once, with its code', async (context) => {
  const errors: Record<string, Error> = {
    a: new PermanentError('NoDepot', 'no rule'),
    b: new PermanentError('not a code, but a sentence', 'no'),
    c: new MalformedError('no file-id'),
  };
  let tries = 0;
  const { bus, send, start, deadLetters } = await startWithDeadLetters(context, {
    options: { immediateDelaysMs: [5, 5] },
    handler: async ({ messageId }) => {
      tries += 1;
      throw errors[String(messageId)];
    },
  });
  await start();
  for (const id of Object.keys(errors)) await send('parcels', message(id));
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 3 }), patience);
  const dead = await deadLetters();
  expect(Object.fromEntries(dead.map(({ messageId, deadLetterReason }) => [messageId, deadLetterReason]))).toEqual({
    a: 'NoDepot',
    b: 'PermanentFailure',
    c: 'MalformedMessage',
  });
  expect(tries).toBe(3);
});

test.concurrent('who asks for time gets it', async (context) => {
  const { bus, send, start } = await startWithDeadLetters(context, {
    options: { immediateDelaysMs: [5] },
    handler: async () => {
      throw new TransientError('busy', { retryAfterMs: 60_000 });
    },
  });
  await start();
  const before = Date.now();
  await send('parcels', message('a'));
  await vi.waitFor(() => expect(inQueue(bus).messages.map(copyOf)).toEqual([2]), patience);
  expect(inQueue(bus).messages[0]?.dueAt).toBeGreaterThanOrEqual(before + 60_000);
});

test.concurrent('a handler that takes too long has failed an attempt, without a second try at once', async (context) => {
  const attempts: number[] = [];
  const { bus, send, start, deadLetters } = await startWithDeadLetters(context, {
    options: { immediateDelaysMs: [5] },
    settings: { handlerTimeoutMs: 30, sendTimeoutMs: 5_000 },
    handler: (_message, { attempt }) => {
      attempts.push(attempt);
      return new Promise(() => {});
    },
  });
  await start();
  await send('parcels', message('a'));
  await vi.waitFor(() => expect(inQueue(bus).deadLettered).toBe(1), patience);
  expect(attempts).toEqual([1, 2, 3]);
  expect((await deadLetters())[0]).toMatchObject({ deadLetterReason: 'RetriesExhausted' });
});

test.concurrent('a stop counts no attempt: the message goes back as it was', async (context) => {
  const { bus, service, send, start, messages } = await startWithDeadLetters(context, {
    handler: () => new Promise(() => {}),
  });
  await start();
  await send('parcels', message('a'));
  await vi.waitFor(() => expect(inQueue(bus).locked).toBe(1), patience);
  await service.stopReceiving(AbortSignal.abort());
  expect(inQueue(bus)).toMatchObject({ total: 1, locked: 0, ids: ['a'] });
  expect(messages()).toEqual([]);
});

test.concurrent('retries and a replay inside the duplicate-detection window arrive, and a second failure parks', async (context) => {
  const seen: unknown[] = [];
  const { bus, send, start, replay, deadLetters } = await startWithDeadLetters(context, {
    handler: async (received, { attempt }) => {
      seen.push(`${originalIdOf(received)} ${received.applicationProperties?.['obs-copy'] ?? 1} ${attempt}`);
      throw new Error('always');
    },
  });
  await start();
  await send('parcels', message('a'));
  await vi.waitFor(() => expect(inQueue(bus).deadLettered).toBe(1), patience);
  await replay();
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 1 }), patience);
  await vi.waitFor(() => expect(seen).toEqual(['a 1 1', 'a 2 2', 'a 3 3', 'a 4 1', 'a 5 2', 'a 6 3']), patience);
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 1 }), patience);
  const [dead] = await deadLetters();
  expect(dead?.applicationProperties).toMatchObject({ 'obs-parked': true, 'obs-replay-count': 1, 'obs-attempts': 3 });
  expect(readHistory(dead?.applicationProperties)).toHaveLength(7);
});

test.concurrent('a completion that is lost after the copy was sent: the destination counts the file once', async (context) => {
  const destination = await startDestination({ destinations: { north: {} } });
  context.onTestFinished(() => destination.stop());
  await destination.faults.mode('down', { destination: 'north' });
  const shortLocks = { queues: { parcels: { ...entities.queues.parcels, lockDuration: 'PT1S' } } };
  const { bus, send, start } = await startWithDeadLetters(context, {
    entities: shortLocks,
    options: { policy: { ...quickPolicy, firstMs: 500, capMs: 1_000 } },
    handler: async ({ applicationProperties, body, deliveryCount = 0 }) => {
      if (deliveryCount > 0) await destination.faults.mode('ok'); // the message whose completion was lost is here again
      const headers = { 'idempotency-key': String(applicationProperties?.['item-id']) };
      const { ok } = await fetch(`${destination.url}/north`, { method: 'POST', headers, body });
      if (!ok) throw new TransientError('down');
    },
  });
  bus.faults.refuseSettlements({ times: 1 });
  await start().catch(() => {}); // locks of a second are too short, and it says so
  await send('parcels', { ...message('a'), applicationProperties: { 'item-id': 'a' } });
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 0 }), patience);
  expect(destination.ledger.totals()).toMatchObject({ entries: 1, deliveries: 2, conflicts: 0 });
});
