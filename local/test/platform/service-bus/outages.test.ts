import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ServiceBus } from '../../../service-bus/index.ts';
import { startProxy } from './silent-proxy.ts';
import { eventually, ids, inQueue, message, startBroker, startWithBroker } from './with-broker.ts';

const outages: Record<string, (bus: ServiceBus) => Promise<void> | void> = {
  'a broker that restarts': async ({ faults }) => {
    await faults.stopBroker();
    await sleep(200);
    await faults.startBroker();
  },
  'dropped connections': ({ faults }) => faults.dropSockets(),
  'detached links': ({ faults }) => faults.detachLinks(),
};

const allOpen = (bus: ServiceBus, links: number) =>
  eventually(() => expect(bus.faults.state()).toMatchObject({ links }));

test.concurrent.for(Object.entries(outages))('%s loses no message', async ([_name, strike], context) => {
  const handled = new Set<unknown>();
  const { bus, service, send } = await startWithBroker(context, {
    entities: { queues: { parcels: { lockDuration: 'PT2S', requiresDuplicateDetection: true } } },
    settings: { sendTimeoutMs: 1_500, handlerTimeoutMs: 1_000 },
    answerTimeoutMs: 1_500,
    concurrency: 8,
    handler: async ({ messageId }) => {
      await sleep(2);
      handled.add(messageId);
    },
  });
  service.start();
  await eventually(() => send('parcels', message('first'))); // a busy machine is slow to open the first link
  const accepted = new Set(['first']);
  let sending = true;
  const senders = ids(4).map(async (sender) => {
    for (let n = 0; sending; n += 1) {
      const id = `${sender}:${n}`;
      await send('parcels', message(id)).then(
        () => accepted.add(id),
        () => {},
      );
      await sleep(5);
    }
  });
  const more = (by: number) => {
    const goal = handled.size + by;
    return eventually(() => expect(handled.size).toBeGreaterThan(goal));
  };
  for (let times = 0; times < 3; times += 1) {
    await more(40);
    await strike(bus);
  }
  await more(40);
  sending = false;
  await Promise.all(senders);
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect([...accepted].filter((id) => !handled.has(id))).toEqual([]);
  expect(inQueue(bus).deadLettered).toBe(0);
});

test.concurrent('an outage is one line, its end is another, and receiving goes on', async (context) => {
  const handled: unknown[] = [];
  const { bus, service, send, lines, messages } = await startWithBroker(context, {
    settings: { sendTimeoutMs: 20_000, handlerTimeoutMs: 30_000 },
    answerTimeoutMs: 1_000,
    handler: async ({ messageId }) => void handled.push(messageId),
  });
  const received = () => messages().filter((text) => text.startsWith('receiv'));
  service.start();
  await send('parcels', message('before'));
  await allOpen(bus, 17);
  await eventually(() => expect(handled).toEqual(['before']));
  await bus.faults.stopBroker();
  await eventually(() => expect(received()).toEqual(['receive failing']));
  await sleep(500);
  await bus.faults.startBroker();
  await send('parcels', message('after'));
  await eventually(() => expect(handled).toEqual(['before', 'after']));
  await eventually(() => expect(received()).toEqual(['receive failing', 'receiving again']));
  const [failing, again] = lines.filter(({ message }) => message.startsWith('receiv'));
  expect(String(failing?.fields.error)).toContain('ECONNREFUSED');
  expect(again?.fields.failures).toBeLessThan(20);
});

test.concurrent('a moment without connection is no news', async (context) => {
  const handled: unknown[] = [];
  const { bus, service, send, messages } = await startWithBroker(context, {
    entities: { queues: { parcels: { requiresDuplicateDetection: true } } },
    settings: { sendTimeoutMs: 20_000, handlerTimeoutMs: 1_000 },
    handler: async ({ messageId }) => void handled.push(messageId),
  });
  service.start();
  await send('parcels', message('before'));
  await eventually(() => expect(handled).toHaveLength(1));
  const linksOpened = () => Number(Object(bus.faults.state()).linksOpened);
  const before = linksOpened();
  bus.faults.detachLinks();
  // What the SDK sends before it has read the detach frame is not answered, and it would wait for half of its time.
  await eventually(() => expect(linksOpened()).toBeGreaterThan(before));
  await send('parcels', message('after'));
  await eventually(() => expect(handled).toHaveLength(2));
  expect(messages()).toEqual([]);
});

test.concurrent('a message in hand is settled although its connection is gone', async (context) => {
  const settled: string[] = [];
  const inHand = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { bus, service, send } = await startWithBroker(context, {
    answerTimeoutMs: 2_000,
    handler: async () => {
      inHand.resolve();
      await release.promise;
    },
    business: { settled: (_message, { kind }) => settled.push(kind) },
  });
  service.start();
  await send('parcels', message('a'));
  await inHand.promise;
  await allOpen(bus, 17);
  bus.faults.dropSockets();
  release.resolve();
  await eventually(() => expect(settled).toEqual(['complete']));
  expect(inQueue(bus).total).toBe(0);
});

test.concurrent('a connection that has gone silent is replaced, for sending and for receiving', async (context) => {
  // What the broker has sent into the silence is locked for a second.
  const entities = { queues: { parcels: { lockDuration: 'PT1S' } } };
  const bus = await startBroker(context, entities);
  const proxy = await startProxy(bus.port);
  context.onTestFinished(() => proxy.stop());
  const handled: unknown[] = [];
  const { service, send, messages } = await startWithBroker(context, {
    bus,
    entities,
    connection: {
      kind: 'connection-string',
      connectionString: bus.connectionString.replace(`:${bus.port}`, `:${proxy.port}`),
    },
    settings: { sendTimeoutMs: 2_000, handlerTimeoutMs: 1_000 },
    answerTimeoutMs: 500,
    handler: async ({ messageId }) => void handled.push(messageId),
  });
  service.start();
  await eventually(() => send('parcels', message('before')));
  await eventually(() => expect(handled).toContain('before'));
  proxy.silence(); // the other links are still opening, so receiving notices soon
  await eventually(() => send('parcels', message('after')));
  await eventually(() => expect(handled).toContain('after'));
  expect(messages()).toContain('connection replaced, it does not answer');
});
