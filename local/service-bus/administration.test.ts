import { request } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { errorOf, eventually, noRenewal, openBroker, take, takeNothing, takeOne } from './testing/open-broker.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const json = { 'content-type': 'application/json' };

async function call(url: string, method: string, body?: unknown, headers: Record<string, string> = json) {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: await response.json() };
}

/** `fetch` does not let a caller set `Host`. */
function statusFor(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}

// First, because the client reads NO_PROXY once in the life of the process.
test('it works with a proxy in the environment', async () => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) vi.stubEnv(name, 'http://127.0.0.1:9');
  for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '');
  const { admin } = await openBroker();
  expect(await admin.queueExists('q')).toBe(true);
});

test('the administration client counts messages in every state', async () => {
  const { client, admin } = await openBroker();
  const sender = client.createSender('q');
  await sender.sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
  await sender.scheduleMessages({ body: 4 }, new Date(Date.now() + 60_000));
  const receiver = client.createReceiver('q', noRenewal);
  await receiver.deadLetterMessage(await takeOne(receiver));
  await takeOne(receiver);
  const counts = await admin.getQueueRuntimeProperties('q');
  expect(counts).toMatchObject({
    name: 'q',
    totalMessageCount: 4,
    activeMessageCount: 2,
    deadLetterMessageCount: 1,
    scheduledMessageCount: 1,
  });
  expect(counts.sizeInBytes).toBeGreaterThan(0);
});

test('a queue is created, shown, listed and deleted', async () => {
  const { admin, client } = await openBroker();
  const options = { lockDuration: 'PT30S', maxDeliveryCount: 1, requiresDuplicateDetection: true, userMetadata: '007' };
  expect(await admin.createQueue('made', options)).toMatchObject(options);
  expect(await admin.getQueue('MADE')).toMatchObject({ name: 'made', ...options, defaultMessageTimeToLive: /^P106/ });
  expect(await errorOf(admin.createQueue('made'))).toMatchObject({ code: 'MessageEntityAlreadyExistsError' });
  const names: string[] = [];
  for await (const { name } of admin.listQueues()) names.push(name);
  expect(names).toEqual(['q', 'made']);
  await client.createSender('made').sendMessages([
    { body: 1, messageId: 'm' },
    { body: 2, messageId: 'm' },
  ]);
  const receiver = client.createReceiver('made', noRenewal);
  await receiver.abandonMessage(await takeOne(receiver));
  expect(await admin.getQueueRuntimeProperties('made')).toMatchObject({
    totalMessageCount: 1,
    deadLetterMessageCount: 1,
  });
  await admin.deleteQueue('made');
  expect(await admin.queueExists('made')).toBe(false);
  expect(await errorOf(admin.getQueueRuntimeProperties('made'))).toMatchObject({ code: 'MessageEntityNotFoundError' });
  expect(await errorOf(admin.deleteQueue('made'))).toMatchObject({ code: 'MessageEntityNotFoundError' });
});

test('a receiver of a deleted queue hears that it is gone', async () => {
  const { admin, client, broker } = await openBroker();
  const heard = new Set<string>();
  for (const options of [noRenewal, { ...noRenewal, subQueueType: 'deadLetter' as const }]) {
    client.createReceiver('q', options).subscribe({
      processMessage: async () => {},
      processError: async ({ error, entityPath }) => void heard.add(`${entityPath} ${Reflect.get(error, 'code')}`),
    });
  }
  await eventually(() => expect(broker.faults.state()).toMatchObject({ links: 2 }));
  await admin.deleteQueue('q');
  expect(broker.faults.state()).toMatchObject({ links: 0 });
  await eventually(() => expect(heard).toContain('q MessagingEntityNotFound'));
  await eventually(() => expect(heard).toContain('q/$DeadLetterQueue MessagingEntityNotFound'));
});

test('lists come in pages', async () => {
  const queues = Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`queue-${index}`, {}]));
  const { admin } = await openBroker({ entities: { queues } });
  const pages: string[][] = [];
  for await (const page of admin.listQueues().byPage({ maxPageSize: 2 })) pages.push(page.map(({ name }) => name));
  expect(pages).toEqual([
    ['queue-0', 'queue-1'],
    ['queue-2', 'queue-3'],
  ]);
  const topics: string[] = [];
  for await (const { name } of admin.listTopics()) topics.push(name);
  expect(topics).toEqual([]);
});

test('topics and subscriptions are created, counted and deleted', async () => {
  const { admin, client } = await openBroker();
  await admin.createTopic('orders');
  await admin.createSubscription('orders', 'audit', { maxDeliveryCount: 3 });
  await client.createSender('orders').sendMessages({ body: 1 });
  expect(await admin.getSubscription('orders', 'audit')).toMatchObject({
    subscriptionName: 'audit',
    maxDeliveryCount: 3,
  });
  expect(await admin.getSubscriptionRuntimeProperties('orders', 'audit')).toMatchObject({
    totalMessageCount: 1,
    activeMessageCount: 1,
  });
  expect(await admin.getTopicRuntimeProperties('orders')).toMatchObject({
    subscriptionCount: 1,
    scheduledMessageCount: 0,
  });
  const names: string[] = [];
  for await (const { subscriptionName } of admin.listSubscriptions('orders')) names.push(subscriptionName);
  expect(names).toEqual(['audit']);
  await admin.deleteSubscription('orders', 'audit');
  expect(await admin.subscriptionExists('orders', 'audit')).toBe(false);
  await admin.deleteTopic('orders');
  expect(await admin.topicExists('orders')).toBe(false);
  expect(await errorOf(admin.createSubscription('orders', 'audit'))).toMatchObject({ statusCode: 404 });
  expect((await admin.getNamespaceProperties()).messagingSku).toBe('Standard');
});

test('what is not done is refused with its name', async () => {
  const { admin } = await openBroker();
  const forwarding = await errorOf(admin.createQueue('a', { forwardTo: 'q' }));
  expect(forwarding).toMatchObject({ statusCode: 400, message: expect.stringContaining('forwardTo: is not done') });
  const changing = await errorOf(admin.updateQueue(await admin.getQueue('q')));
  expect(changing).toMatchObject({
    statusCode: 501,
    message: expect.stringContaining('Changing an entity is not supported'),
  });
});

test('JSON: an entity is created, replaced and counted', async () => {
  const { broker, client } = await openBroker();
  const url = `${broker.adminUrl}/queues/made`;
  expect(await call(url, 'PUT', { maxDeliveryCount: 1 })).toEqual({ status: 200, body: { totalMessageCount: 0 } });
  await client.createSender('made').sendMessages([{ body: 1 }, { body: 2 }]);
  const receiver = client.createReceiver('made', noRenewal);
  await receiver.abandonMessage(await takeOne(receiver));
  expect(await call(url, 'GET')).toEqual({ status: 200, body: { totalMessageCount: 2 } });
  await call(url, 'PUT', {});
  expect(await call(url, 'GET')).toEqual({ status: 200, body: { totalMessageCount: 0 } });
  expect(broker.entities.queue('made')?.queue.settings.maxDeliveryCount).toBe(10);
});

test('JSON: topics count the messages of all their subscriptions', async () => {
  const { broker, client } = await openBroker();
  const topic = `${broker.adminUrl}/topics/orders`;
  expect((await call(`${topic}/subscriptions/early`, 'PUT', {})).status).toBe(404);
  await call(topic, 'PUT', {});
  await call(`${topic}/subscriptions/one`, 'PUT', {});
  await call(`${topic}/subscriptions/two`, 'PUT', { lockDuration: 'PT5S' });
  const sender = client.createSender('orders');
  await sender.sendMessages({ body: 1 });
  await sender.scheduleMessages({ body: 2 }, new Date(Date.now() + 60_000));
  expect((await call(`${topic}/subscriptions/one`, 'GET')).body).toEqual({ totalMessageCount: 1 });
  expect((await call(topic, 'GET')).body).toEqual({ totalMessageCount: 3 });
  expect((await call(`${broker.adminUrl}/topics/none`, 'GET')).status).toBe(404);
});

test('JSON: emptying takes every message and leaves the links', async () => {
  const { broker, client } = await openBroker({ entities: { queues: { q: { requiresDuplicateDetection: true } } } });
  const sender = client.createSender('q');
  const receiver = client.createReceiver('q', noRenewal);
  await sender.sendMessages([{ body: 1, messageId: 'm' }, { body: 2 }]);
  await receiver.deadLetterMessage(await takeOne(receiver));
  expect((await call(`${broker.adminUrl}/messages`, 'DELETE')).status).toBe(200);
  expect((await call(`${broker.adminUrl}/queues/q`, 'GET')).body).toEqual({ totalMessageCount: 0 });
  await sender.sendMessages({ body: 3, messageId: 'm' });
  expect((await takeOne(receiver)).body).toBe(3);
  expect(broker.faults.state()).toMatchObject({ linksOpened: 2 });
});

test('JSON: a body or a name that cannot be used is refused with the reason', async () => {
  const { broker } = await openBroker({ entities: { queues: { q: {} }, topics: { t: {} } } });
  const bad = await call(`${broker.adminUrl}/queues/bad`, 'PUT', { lockDuration: 'soon' });
  expect(bad).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('bad.lockDuration: must be an ISO 8601') },
  });
  expect((await call(`${broker.adminUrl}/queues/-bad-`, 'PUT', {})).status).toBe(400);
  expect((await call(`${broker.adminUrl}/queues/t`, 'PUT', {})).status).toBe(409);
  expect((await call(`${broker.adminUrl}/nothing`, 'GET')).status).toBe(404);
  expect((await call(`${broker.adminUrl}/queues/q`, 'DELETE')).status).toBe(405);
  expect((await call(`${broker.adminUrl}/queues/%E0%A4%A`, 'GET')).status).toBe(400);
});

test('changes ask for JSON, for their own origin, and for the token where one is set; reading does not', async () => {
  const { broker } = await openBroker({ token: 'secret' });
  const url = `${broker.adminUrl}/queues/q`;
  const bearer = { authorization: 'Bearer secret' };
  expect((await call(url, 'GET', undefined, {})).status).toBe(200);
  expect((await call(url, 'PUT', {}, { ...bearer, 'content-type': 'text/plain' })).status).toBe(415);
  expect((await call(url, 'PUT', {})).status).toBe(401);
  expect((await call(url, 'PUT', {}, { ...json, authorization: 'Bearer secreT' })).status).toBe(401);
  expect((await call(url, 'PUT', {}, { ...json, ...bearer, origin: 'http://evil.example' })).status).toBe(403);
  expect((await call(url, 'PUT', {}, { ...json, ...bearer, origin: broker.adminUrl })).status).toBe(200);
  expect((await call(`${broker.adminUrl}/messages`, 'DELETE', undefined, {})).status).toBe(415);
});

test('a foreign host is refused, and an administration request without a signature', async () => {
  const { broker } = await openBroker();
  expect(await statusFor(`${broker.adminUrl}/queues/q`, { host: 'evil.example' })).toBe(403);
  expect(await statusFor(`${broker.adminUrl}/q?api-version=2021-05`, {})).toBe(401);
  expect(
    await statusFor(`${broker.adminUrl}/q?api-version=2021-05`, { authorization: 'SharedAccessSignature x' }),
  ).toBe(200);
});

test('counts are there while the broker is down', async () => {
  const { broker, client, admin } = await openBroker();
  await client.createSender('q').sendMessages({ body: 1 });
  await broker.faults.stopBroker();
  expect((await admin.getQueueRuntimeProperties('q')).totalMessageCount).toBe(1);
  await broker.faults.startBroker();
  expect(await take(client.createReceiver('q', noRenewal))).toHaveLength(1);
  expect(await takeNothing(client.createReceiver('q', noRenewal))).toEqual([]);
});
