import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { copyWithFixture, removeCheckout } from '../../cli/start/checkout.fixture.ts';
import { type TestedDashboard, testedDashboard, token } from '../dashboard.fixture.ts';
import type { DeadLetterChange, DeadLetterGroups, MessageFacts, MessageList, QueueList } from './contract.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
/** It can be deleted, with the level of dead letters or with all of operator/. */
const hasCommand = existsSync(join(repository, 'operator/dead-letters.ts'));
let root: string;
let tested: TestedDashboard;
let client: ServiceBusClient;
beforeAll(async () => {
  // The command knows the queues of its own checkout.
  root = await copyWithFixture();
  if (hasCommand) await cp(join(repository, 'operator'), join(root, 'operator'), { recursive: true });
  const runFile = join(root, 'run.json');
  const requests = { follow: { queue: 'parcels', idInAnswer: () => undefined, nameProperty: 'parcel-name' } };
  tested = await testedDashboard({ root, runFile, businesses: [{ name: 'parcels', requests }] });
  const { serviceBus, telemetry, destination, url } = tested;
  const run = {
    ...{ version: 1, pid: process.pid, level: 2, token, service: url, dashboard: url },
    ...{ serviceBus: serviceBus.connectionString, serviceBusAdmin: serviceBus.adminUrl },
    ...{ ingestion: telemetry.url, destination: destination.url },
  };
  await writeFile(runFile, JSON.stringify(run), { mode: 0o600 });
  client = new ServiceBusClient(serviceBus.connectionString);
});
afterAll(async () => {
  await client.close();
  await tested.stop();
  await removeCheckout(root);
});

const name = '<img src=x onerror=alert(1)>.txt';
async function deadLetter(count: number, deadLetterReason: string): Promise<void> {
  const sender = client.createSender('parcels');
  const receiver = client.createReceiver('parcels');
  for (let index = 0; index < count; index++) {
    const applicationProperties = { 'parcel-name': name };
    await sender.sendMessages({
      messageId: `${deadLetterReason}-${index}`,
      body: { index },
      contentType: 'application/json',
      applicationProperties,
    });
    const [message] = await receiver.receiveMessages(1);
    if (message)
      await receiver.deadLetterMessage(message, {
        deadLetterReason,
        deadLetterErrorDescription: `Error ${index} at 42.`,
      });
  }
  await Promise.all([sender.close(), receiver.close()]);
}

test('queues and subscriptions are told with what they hold and who receives', async () => {
  const sender = client.createSender('parcels');
  await sender.sendMessages({ messageId: 'waits', body: 'x' });
  await sender.scheduleMessages({ messageId: 'later', body: 'x' }, new Date(Date.now() + 60_000));
  const receiver = client.createReceiver('parcels');
  const locked = await receiver.receiveMessages(1);
  expect(locked).toHaveLength(1);
  const { data } = await tested.get<QueueList>('/api/queues');
  expect(data.queues.map((queue) => queue.name)).toEqual(['parcels', 'news/audit']);
  expect(data.queues[0]).toMatchObject({
    active: 1,
    scheduled: 1,
    inFlight: 1,
    deadLettered: 0,
    oldestMs: expect.any(Number),
  });
  expect(data.queues[0]?.consumer).toMatchObject({ state: 'receiving', count: 1 });
  expect(data.queues[1]?.consumer).toMatchObject({ state: 'none', count: 0 });
  const scheduled = await tested.get<MessageList>('/api/queues/parcels/messages?state=scheduled');
  expect(scheduled.data.rows).toMatchObject([{ messageId: 'later', dueAt: expect.any(String) }]);
  for (const message of locked) await receiver.completeMessage(message);
  await receiver.close();
});

test('dead letters are grouped by reason and error, and one is told whole, its text as text', async () => {
  await deadLetter(3, 'Refused');
  await deadLetter(1, 'Other');
  const { data } = await tested.get<DeadLetterGroups>('/api/queues/parcels/groups');
  expect(data.groups).toMatchObject([
    { reason: 'Refused', count: 3, error: 'Error <n> at <n>.' },
    { reason: 'Other', count: 1 },
  ]);
  const list = await tested.get<MessageList>('/api/queues/parcels/messages?state=dead&q=other');
  expect(list.data).toMatchObject({ total: 4, rows: [{ reason: 'Other', file: name }] });
  const sequence = list.data.rows[0]?.sequence;
  const one = await tested.get<MessageFacts>(`/api/queues/parcels/messages/${sequence}?state=dead`);
  expect(one.data.body).toEqual({
    base64: Buffer.from('{"index":0}').toString('base64'),
    text: '{"index":0}',
    json: true,
  });
  expect(one.data).toMatchObject({ contentType: 'application/json', file: name });
  expect(await tested.ask('GET', '/api/queues/parcels/messages/99999?state=dead')).toMatchObject({ status: 404 });
  expect(await tested.ask('GET', '/api/queues/nothing/groups')).toMatchObject({
    status: 404,
    text: expect.stringContaining('parcels, news/audit'),
  });
});

test.skipIf(!hasCommand)(
  'a replay is counted first and changes nothing, then brings back what was given up before, and no other',
  async () => {
    const filter = { reason: 'Refused' };
    await tested.destination.faults.mode('reject', { destination: 'north' });
    const dry = await tested.send<DeadLetterChange>('POST', '/api/queues/parcels/replays', { filter, dryRun: true });
    expect(dry).toMatchObject({
      status: 200,
      body: { data: { state: 'planned', matched: 3, done: 0, warning: expect.stringContaining('north (reject)') } },
    });
    expect(tested.serviceBus.entities.queue('parcels')?.queue.counts()).toMatchObject({ deadLetter: 4 });
    await tested.destination.faults.mode('ok');

    const begun = await tested.send<DeadLetterChange>('POST', '/api/queues/parcels/replays', {
      filter,
      dryRun: false,
      max: 2,
    });
    expect(begun).toMatchObject({ status: 202, body: { data: { state: 'working', matched: 2 } } });
    const { id } = begun.body.data;
    const change = async () => (await tested.get<DeadLetterChange>(`/api/replays/${id}`)).data;
    await vi.waitFor(async () => expect(await change()).toMatchObject({ state: 'done', done: 2, failed: 0 }), {
      timeout: 120_000,
      interval: 200,
    });
    expect(tested.serviceBus.entities.queue('parcels')?.queue.counts()).toMatchObject({ deadLetter: 2, active: 2 });

    const before = new Date(Date.now() - 3_600_000).toISOString();
    const old = await tested.send<DeadLetterChange>('POST', '/api/queues/parcels/replays', {
      filter: {},
      dryRun: true,
      before,
    });
    expect(old.body.data.matched).toBe(0);
  },
  180_000,
);

test.skipIf(!hasCommand)(
  'a purge needs the number that would be deleted',
  async () => {
    const purge = (body: object) =>
      tested.send<DeadLetterChange>('POST', '/api/queues/parcels/purges', { filter: {}, ...body });
    expect(await purge({ dryRun: false, confirm: 7 })).toMatchObject({
      status: 409,
      body: { detail: '2 would be deleted for good now.' },
    });
    expect(await purge({ dryRun: false })).toMatchObject({ status: 409 });
    expect(tested.serviceBus.entities.queue('parcels')?.queue.counts()).toMatchObject({ deadLetter: 2 });
    const begun = await purge({ dryRun: false, confirm: 2 });
    expect(begun.status).toBe(202);
    await vi.waitFor(
      () => expect(tested.serviceBus.entities.queue('parcels')?.queue.counts()).toMatchObject({ deadLetter: 0 }),
      { timeout: 60_000 },
    );
  },
  120_000,
);
