import { expect, test } from 'vitest';
import { MessageTooLarge, QueueUnavailable } from '../../../../src/platform/errors.ts';
import { ids, inQueue, message, startWithBroker } from './with-broker.ts';

const timed = async (run: () => Promise<unknown>) => {
  const from = performance.now();
  const error = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const cause = error instanceof Error ? error.cause : undefined;
  return { error, cause, ms: performance.now() - from };
};

test.concurrent('a message is in the queue when send resolves', async (context) => {
  const { bus, send } = await startWithBroker(context);
  await send('parcels', message('a'));
  expect(inQueue(bus).total).toBe(1);
});

test.concurrent('only entities that a business declares can be sent to', async (context) => {
  const { bus, send } = await startWithBroker(context, { entities: { queues: { parcels: {}, other: {} } } });
  await expect(send('other', message('a'))).rejects.toThrow('add it to `sends`');
  await expect(send('parcels', { body: Buffer.from('x') })).rejects.toThrow('no messageId');
  expect(inQueue(bus).total).toBe(0);
});

test.concurrent('the first middleware is outermost and sees what the others did', async (context) => {
  const order: string[] = [];
  const { bus, send } = await startWithBroker(context, {
    send: [
      async ({ message }, next) => {
        message.applicationProperties = { by: 'first' };
        order.push('first in');
        await next();
        order.push('first out');
      },
      async ({ entity, message }, next) => {
        order.push(`second: ${entity} ${message.applicationProperties?.by}`);
        await next();
      },
    ],
  });
  await send('parcels', message('a'));
  expect(order).toEqual(['first in', 'second: parcels first', 'first out']);
  expect(inQueue(bus).total).toBe(1);
});

test.concurrent('a broker that is down is QueueUnavailable in time, with the cause, and sending recovers by itself', async (context) => {
  const { bus, send } = await startWithBroker(context, { settings: { sendTimeoutMs: 1_000, handlerTimeoutMs: 1_000 } });
  await send('parcels', message('before'));
  await bus.faults.stopBroker();
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, n) => timed(() => send('parcels', message(`${n}`)))),
  );
  for (const { error, ms } of results) {
    expect(error).toBeInstanceOf(QueueUnavailable);
    expect(ms).toBeGreaterThan(950); // it has tried to the end
    expect(ms).toBeLessThan(1_500);
  }
  expect(String(results[0]?.cause)).toContain('ECONNREFUSED');

  await bus.faults.startBroker();
  await send('parcels', message('after'));
  expect(inQueue(bus).ids).toEqual(['before', 'after']);
});

test.concurrent('a broker that is down for a moment is only a slower send', async (context) => {
  const { bus, send } = await startWithBroker(context, { settings: { sendTimeoutMs: 1_600, handlerTimeoutMs: 1_000 } });
  await send('parcels', message('before'));
  await bus.faults.stopBroker();
  const sending = send('parcels', message('during'));
  setTimeout(() => bus.faults.startBroker(), 300);
  await sending;
  expect(inQueue(bus).total).toBe(2);
});

test.concurrent('a broker that never answers is QueueUnavailable in time', async (context) => {
  const { bus, send } = await startWithBroker(context, { settings: { sendTimeoutMs: 800, handlerTimeoutMs: 1_000 } });
  bus.faults.ignoreSends();
  const { error, ms } = await timed(() => send('parcels', message('a')));
  expect(error).toBeInstanceOf(QueueUnavailable);
  expect(ms).toBeLessThan(1_300);
  bus.faults.clear();
  await send('parcels', message('b'));
});

test.concurrent('beyond what may wait for the broker a message is QueueUnavailable at once', async (context) => {
  const { send } = await startWithBroker(context, {
    settings: { sendTimeoutMs: 1_000, handlerTimeoutMs: 1_000 },
    send: [() => new Promise(() => {})],
  });
  const body = Buffer.alloc(200_000);
  const results = await Promise.all(ids(150).map((messageId) => timed(() => send('parcels', { messageId, body }))));
  for (const { error } of results) expect(error).toBeInstanceOf(QueueUnavailable);
  const refused = results.filter(({ error }) => String(error).includes('too many messages wait'));
  expect(refused).toHaveLength(150 - Math.floor((24 * 1_024 * 1_024) / (200_000 + 16 * 1_024)));
});

test.concurrent('an answer that is lost leads to a second try, which duplicate detection drops', async (context) => {
  const { bus, send } = await startWithBroker(context, {
    entities: { queues: { parcels: { requiresDuplicateDetection: true } } },
    settings: { sendTimeoutMs: 1_600, handlerTimeoutMs: 1_000 },
  });
  bus.faults.ignoreSends({ times: 1, carriedOut: true });
  await send('parcels', message('a'));
  expect(inQueue(bus).total).toBe(1);
});

test.concurrent('a send that the broker refuses for a moment is tried again, until the deadline', async (context) => {
  const { bus, send } = await startWithBroker(context, { settings: { sendTimeoutMs: 3_000, handlerTimeoutMs: 1_000 } });
  const condition = 'amqp:internal-error';
  bus.faults.refuseSends({ times: 2, condition });
  await send('parcels', message('a'));
  bus.faults.refuseSends({ condition });
  const { error, cause, ms } = await timed(() => send('parcels', message('b')));
  expect(error).toBeInstanceOf(QueueUnavailable);
  expect(cause).toMatchObject({ name: 'ServiceBusError' });
  expect(ms).toBeLessThan(4_000);
});

test.concurrent('a middleware that hangs is bounded like the broker', async (context) => {
  const { send } = await startWithBroker(context, {
    settings: { sendTimeoutMs: 100, handlerTimeoutMs: 1_000 },
    send: [() => new Promise(() => {})],
  });
  const { error, ms } = await timed(() => send('parcels', message('a')));
  expect(error).toBeInstanceOf(QueueUnavailable);
  expect(ms).toBeLessThan(600);
});

test.concurrent('a message that is too large says so at once, and is not a queue that is unavailable', async (context) => {
  const { bus, send } = await startWithBroker(context);
  const { error, ms } = await timed(() => send('parcels', message('a', 'x'.repeat(300_000))));
  expect(error).toBeInstanceOf(MessageTooLarge);
  expect(error).toMatchObject({ name: 'MessageTooLarge', message: 'The message is larger than "parcels" accepts.' });
  expect(error).not.toBeInstanceOf(QueueUnavailable);
  expect(ms).toBeLessThan(1_000);
  await send('parcels', message('b'));
  expect(inQueue(bus).total).toBe(1);
});

test.concurrent('a detached link or a dropped connection costs no message', async (context) => {
  const { bus, send } = await startWithBroker(context, {
    entities: { queues: { parcels: { requiresDuplicateDetection: true } } },
    settings: { sendTimeoutMs: 1_600, handlerTimeoutMs: 1_000 },
  });
  await send('parcels', message('a'));
  bus.faults.detachLinks();
  await send('parcels', message('b'));
  bus.faults.dropSockets();
  await send('parcels', message('c'));
  expect(inQueue(bus).ids).toEqual(['a', 'b', 'c']);
});

test.concurrent('a middleware can end the tries before the deadline, and nothing is sent afterwards', async (context) => {
  const { bus, send } = await startWithBroker(context, {
    settings: { sendTimeoutMs: 5_000, handlerTimeoutMs: 1_000 },
    send: [
      async (outgoing, next) => {
        if (outgoing.message.messageId === 'a') outgoing.signal = AbortSignal.timeout(200);
        await next();
      },
    ],
  });
  await bus.faults.stopBroker();
  const { error, cause, ms } = await timed(() => send('parcels', message('a')));
  expect(error).toBeInstanceOf(QueueUnavailable);
  expect(String(cause)).toContain('ECONNREFUSED');
  expect(ms).toBeLessThan(2_500);
  await bus.faults.startBroker();
  await send('parcels', message('b'));
  expect(inQueue(bus).ids).toEqual(['b']);
});
