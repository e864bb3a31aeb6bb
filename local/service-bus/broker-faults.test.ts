import { expect, test } from 'vitest';
import {
  errorOf,
  eventually,
  noRenewal,
  openBroker,
  present,
  quickRetries,
  take,
  takeNothing,
  takeOne,
} from './testing/open-broker.ts';

const once = { ...quickRetries, maxRetries: 0, timeoutInMs: 500 };
const numbers = (count: number) => Array.from({ length: count }, (_, index) => ({ body: index }));

test('refused sends are retried by the SDK until one is taken', async () => {
  const { client, broker } = await openBroker();
  broker.faults.refuseSends({ times: 2 });
  await client.createSender('q').sendMessages({ body: 1 });
  expect(broker.entities.queue('q')?.queue.counts().active).toBe(1);
  expect(broker.faults.state()).toMatchObject({ sends: null });
});

test('a refusal carries the chosen condition', async () => {
  const { broker, connect } = await openBroker();
  const sender = connect(once).createSender('q');
  broker.faults.refuseSends();
  expect(await errorOf(sender.sendMessages({ body: 1 }))).toMatchObject({ code: 'ServiceBusy' });
  broker.faults.refuseSends({ condition: 'amqp:resource-limit-exceeded', description: 'full' });
  const full = await errorOf(sender.sendMessages({ body: 1 }));
  expect(full).toMatchObject({ code: 'QuotaExceeded', message: 'full' });
  broker.faults.clear();
  await sender.sendMessages({ body: 1 });
});

test('an ignored send times out; one that was carried out leaves its message, and the retry a second', async () => {
  const { broker, connect } = await openBroker();
  const sender = connect({ ...once, maxRetries: 1 }).createSender('q');
  await sender.sendMessages({ body: 'warm' });
  broker.faults.ignoreSends({ times: 1 });
  await sender.sendMessages({ body: 'lost once' });
  expect(broker.entities.queue('q')?.queue.counts().active).toBe(2);
  broker.faults.ignoreSends({ times: 1, carriedOut: true });
  await sender.sendMessages({ body: 'twice' });
  expect(broker.entities.queue('q')?.queue.counts().active).toBe(4);
});

test('duplicate detection saves what a lost answer would have doubled', async () => {
  const { broker, connect } = await openBroker({ entities: { queues: { q: { requiresDuplicateDetection: true } } } });
  broker.faults.ignoreSends({ times: 1, carriedOut: true });
  await connect({ ...once, maxRetries: 1 })
    .createSender('q')
    .sendMessages({ body: 1, messageId: 'once' });
  expect(broker.entities.queue('q')?.queue.counts().active).toBe(1);
});

test('a refused settlement says "lock lost" and means it', async () => {
  const { client, broker } = await openBroker();
  await client.createSender('q').sendMessages({ body: 1 });
  const receiver = client.createReceiver('q', noRenewal);
  broker.faults.refuseSettlements({ times: 1 });
  expect(await errorOf(receiver.completeMessage(await takeOne(receiver)))).toMatchObject({ code: 'MessageLockLost' });
  const again = await takeOne(receiver);
  expect(again.deliveryCount).toBe(1);
  await receiver.completeMessage(again);
});

test('an ignored settlement is never answered, whether it was carried out or not', async () => {
  const { broker, connect } = await openBroker();
  const client = connect(once);
  await client.createSender('q').sendMessages(numbers(2));
  const receiver = client.createReceiver('q', noRenewal);
  const [first, second] = await take(receiver, 2);
  broker.faults.ignoreSettlements({ times: 1 });
  expect(await errorOf(receiver.completeMessage(present(first)))).toMatchObject({ code: 'ServiceTimeout' });
  expect(broker.entities.queue('q')?.queue.counts().active).toBe(2);
  broker.faults.ignoreSettlements({ times: 1, carriedOut: true });
  expect(await errorOf(receiver.completeMessage(present(second)))).toMatchObject({ code: 'ServiceTimeout' });
  expect(broker.entities.queue('q')?.queue.counts().active).toBe(1);
});

test('a subscriber recovers from detached links, and hears of them', async () => {
  const { client, broker } = await openBroker();
  const bodies: unknown[] = [];
  const errors: Error[] = [];
  client.createReceiver('q', noRenewal).subscribe({
    processMessage: async ({ body }) => void bodies.push(body),
    processError: async ({ error }) => void errors.push(error),
  });
  await eventually(() => expect(broker.faults.state()).toMatchObject({ links: 1 }));
  broker.faults.detachLinks({ entity: 'other' });
  expect(broker.faults.state()).toMatchObject({ links: 1 });
  broker.faults.detachLinks({ entity: 'Q' });
  await client.createSender('q').sendMessages({ body: 1 });
  await eventually(() => expect(bodies).toEqual([1]));
  expect(errors[0]?.message).toContain('DetachForcedError');
});

test('a client whose sockets were dropped comes back by itself', async () => {
  const { client, broker } = await openBroker();
  const bodies: unknown[] = [];
  const receiver = client.createReceiver('q', noRenewal);
  receiver.subscribe({ processMessage: async ({ body }) => void bodies.push(body), processError: async () => {} });
  const sender = client.createSender('q');
  await sender.sendMessages({ body: 1 });
  await eventually(() => expect(bodies).toEqual([1]));
  broker.faults.dropSockets();
  expect(broker.faults.state()).toMatchObject({ connections: 0, links: 0 });
  await eventually(() => expect(broker.faults.state()).toMatchObject({ links: 1 }));
  await sender.sendMessages({ body: 2 });
  await eventually(() => expect(bodies).toEqual([1, 2]));
});

test('a broker that comes back on its port has every message, lock and count', async () => {
  const { client, broker, connect } = await openBroker();
  const sender = client.createSender('q');
  await sender.sendMessages(numbers(3));
  const receiver = client.createReceiver('q', noRenewal);
  const locked = await takeOne(receiver);
  const before = broker.entities.queue('q')?.queue.counts();
  await broker.faults.stopBroker();
  expect(broker.faults.state()).toMatchObject({ running: false, connections: 0, links: 0 });
  await expect(connect(once).createSender('q').sendMessages({ body: 'down' })).rejects.toThrow();
  await broker.faults.startBroker();
  expect(broker.entities.queue('q')?.queue.counts()).toEqual(before);
  await receiver.completeMessage(locked);
  await sender.sendMessages({ body: 3 });
  expect((await take(receiver, 3)).map(({ body }) => body)).toEqual([1, 2, 3]);
});

test('a subscriber waits for a broker that is down', async () => {
  const { client, broker, connect } = await openBroker();
  const bodies: unknown[] = [];
  let errors = 0;
  client.createReceiver('q', noRenewal).subscribe({
    processMessage: async ({ body }) => void bodies.push(body),
    processError: async () => {
      errors += 1;
    },
  });
  await eventually(() => expect(broker.faults.state()).toMatchObject({ links: 1 }));
  await broker.faults.mode('down');
  await eventually(() => expect(errors).toBeGreaterThan(0));
  await broker.faults.mode('ok');
  await connect().createSender('q').sendMessages({ body: 1 });
  await eventually(() => expect(bodies).toEqual([1]));
});

test('a switch thrown back and forth ends in its last state', async () => {
  const { broker } = await openBroker();
  const { faults } = broker;
  await Promise.all([faults.mode('down'), faults.mode('ok'), faults.mode('down')]);
  expect(faults.state()).toMatchObject({ mode: 'down', running: false });
  await Promise.all([faults.mode('ok'), faults.mode('down'), faults.mode('ok')]);
  expect(faults.state()).toMatchObject({ mode: 'ok', running: true });
});

test('a broker that was stopped for good is not brought back by a late switch', async () => {
  const { broker, connect } = await openBroker();
  await broker.stop();
  await broker.faults.mode('ok');
  expect(broker.faults.state()).toMatchObject({ running: false });
  await expect(
    connect({ ...once, retryDelayInMs: 1 })
      .createSender('q')
      .sendMessages({ body: 1 }),
  ).rejects.toThrow();
});

test('slow delivery hands out one message a consumer each time', async () => {
  const { client, broker } = await openBroker();
  await client.createSender('q').sendMessages(numbers(3));
  broker.faults.slowDelivery(60);
  const started = performance.now();
  expect(await take(client.createReceiver('q', noRenewal), 3)).toHaveLength(3);
  expect(performance.now() - started).toBeGreaterThanOrEqual(170);
});

test('a throttled namespace refuses sends and management calls', async () => {
  const { broker, connect } = await openBroker();
  const client = connect({ ...quickRetries, maxRetries: 0 }); // an answer is due, however busy this machine is
  await broker.faults.mode('server-busy');
  expect(await errorOf(client.createSender('q').sendMessages({ body: 1 }))).toMatchObject({ code: 'ServiceBusy' });
  expect(await errorOf(client.createReceiver('q').peekMessages(1))).toMatchObject({ code: 'ServiceBusy' });
  await broker.faults.mode('ok');
  await client.createSender('q').sendMessages({ body: 1 });
});

test('a flaky broker refuses the same sends for the same seed', async () => {
  const outcomes = await Promise.all(
    [7, 7, 8].map(async (seed) => {
      const { broker, connect } = await openBroker();
      await broker.faults.mode('flaky', { share: 0.5, seed });
      const sender = connect(once).createSender('q');
      const results: boolean[] = [];
      for (const message of numbers(20)) {
        results.push(
          await sender.sendMessages(message).then(
            () => true,
            () => false,
          ),
        );
      }
      return results.join();
    }),
  );
  expect(outcomes[0]).toBe(outcomes[1]);
  expect(outcomes[0]).not.toBe(outcomes[2]);
  expect(new Set(outcomes[0]?.split(','))).toEqual(new Set(['true', 'false']));
});

test('modes of the command line: one at a time, the one-shot ones leave it as it was', async () => {
  const { broker, client } = await openBroker();
  const { faults } = broker;
  expect(await faults.mode('slow', { ms: 5 })).toMatchObject({ mode: 'slow', ms: 5, deliveryDelayMs: 5 });
  expect(await faults.mode('ignore-sends')).toMatchObject({
    mode: 'ignore-sends',
    deliveryDelayMs: 0,
    sends: { kind: 'ignore', carriedOut: false, left: 'all' },
  });
  expect(await faults.mode('detach-links')).toMatchObject({ mode: 'ignore-sends' });
  expect(await faults.mode('drop-sockets')).toMatchObject({ mode: 'ignore-sends' });
  expect(await faults.mode('down')).toMatchObject({ mode: 'down', running: false });
  expect(await faults.mode('ok')).toMatchObject({ mode: 'ok', running: true, sends: null });
  expect(JSON.parse(JSON.stringify(faults.state()))).toEqual(faults.state());
  await expect(faults.mode('nonsense')).rejects.toThrow('choose one of ok, down, slow, flaky, server-busy');
  await expect(faults.mode('slow', { ms: -1 })).rejects.toThrow('Mode "slow": ms');
  await client.createSender('q').sendMessages({ body: 1 });
  expect(await takeNothing(client.createReceiver('q', noRenewal))).toHaveLength(1);
});
