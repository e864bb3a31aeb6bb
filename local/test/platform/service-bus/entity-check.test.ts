import { ServiceBusError } from '@azure/service-bus';
import { expect, test } from 'vitest';
import type { Business } from '../../../../src/platform/business.ts';
import type { Role } from '../../../../src/platform/health.ts';
import { checkEntities, type UsedEntity } from '../../../../src/platform/service-bus/entity-check.ts';
import { readQueues } from '../../../../src/platform/service-bus/queues.ts';
import { createMessaging } from '../../../../src/platform/service-bus/service-bus-messaging.ts';
import { recordingLog } from '../../../../test/platform/service-bus/recording-log.ts';
import { eventually, startWithBroker } from './with-broker.ts';

const handler = async () => {};

test.concurrent('entities that are there and open pass', async (context) => {
  const { service, lines } = await startWithBroker(context, { handler });
  await service.checkEntities();
  expect(lines).toEqual([]);
});

test.concurrent('missing entities stop the start, with all names, the namespace and what to do', async (context) => {
  const promised = { queues: { parcels: {}, gone: {} }, topics: { orders: { subscriptions: { audit: {} } } } };
  const { service } = await startWithBroker(context, {
    entities: { queues: { parcels: {} }, topics: { orders: {} } },
    queues: readQueues({ name: 'this test', text: JSON.stringify(promised) }),
    business: { sends: ['parcels', 'gone'], handlers: { parcels: handler, 'orders/audit': handler } },
  });
  const found = await service.checkEntities().catch((error: Error) => error.message.split('\n'));
  expect(found).toEqual([
    expect.stringMatching(
      /^The Service Bus namespace "127\.0\.0\.1.*" has no "orders\/audit", which this service must receive from: deploy/,
    ),
    expect.stringMatching(/has no "gone", which this service must send to: deploy infra\/queues\.json/),
  ]);
});

test.concurrent('a role is asked for what it uses only', async (context) => {
  const promised = readQueues({ name: 'this test', text: JSON.stringify({ queues: { parcels: {}, gone: {} } }) });
  const start = async (business: Partial<Business>, role: Role) => {
    const { service } = await startWithBroker(context, { queues: promised, business, roles: [role] });
    return service.checkEntities();
  };
  const sends = ['gone'];
  const handlers = { parcels: handler };
  await start({ sends, routes() {} }, 'worker');
  await expect(start({ sends, routes() {} }, 'api')).rejects.toThrow('"gone"');
  await start({ sends, handlers }, 'api');
  await expect(start({ sends, handlers }, 'worker')).rejects.toThrow('"gone"');
  for (const role of ['api', 'worker'] as const)
    await expect(start({ sends, start() {} }, role)).rejects.toThrow('"gone"');
});

test.concurrent.each([
  ['receive from', 'Azure Service Bus Data Receiver', 'Listen'],
  ['send to', 'Azure Service Bus Data Sender', 'Send'],
] as const)('a refusal to %s names the role to assign', async (use, role, claim) => {
  const open = async () => {
    throw new AggregateError([new Error('first'), new ServiceBusError('Unauthorized access.', 'UnauthorizedAccess')]);
  };
  const entities: UsedEntity[] = [{ name: 'parcels', use, open }];
  const { log } = recordingLog();
  const message = `The Service Bus namespace "ns" does not let this service ${use} "parcels": assign its identity the role "${role}" (a connection string needs the claim ${claim}).`;
  await expect(checkEntities('ns', entities, log)).rejects.toThrow(message);
});

test.concurrent('a broker that cannot be reached stops nothing and is logged', async (context) => {
  const { bus, service, lines } = await startWithBroker(context, { handler });
  await bus.faults.stopBroker();
  await service.checkEntities();
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({
    severity: 'warning',
    message: 'Service Bus cannot be reached yet',
    fields: { entity: 'parcels', namespace: expect.stringContaining('127.0.0.1') },
  });
});

test.concurrent('a broker that does not answer is not waited for longer than the deadline', async () => {
  const { log, lines } = recordingLog();
  const entities: UsedEntity[] = [{ name: 'parcels', use: 'send to', open: () => new Promise(() => {}) }];
  await checkEntities('ns', entities, log, 50);
  expect(String(lines[0]?.fields.error)).toContain('did not answer within 50 ms');
});

test.concurrent('the health checks are those of the roles, and follow the broker', async (context) => {
  const { bus, service } = await startWithBroker(context, { handler });
  expect(service.checks.map(({ name, needed, roles }) => ({ name, needed, roles }))).toEqual([
    { name: 'service-bus-send', needed: true, roles: ['api'] },
    { name: 'service-bus-receive', needed: true, roles: ['worker'] },
  ]);
  const ask = () => Promise.all(service.checks.map(({ check }) => check(AbortSignal.timeout(1_000))));
  expect(await ask()).toEqual([{ ok: true }, { ok: true }]);
  await bus.faults.stopBroker();
  await eventually(async () => expect((await ask()).map(({ ok }) => ok)).toEqual([false, false]));
  await eventually(async () => expect((await ask())[0]?.reason).toContain('ECONNREFUSED'));
  await bus.faults.startBroker();
  await eventually(async () => expect((await ask()).map(({ ok }) => ok)).toEqual([true, true]));
});

test('a business that contradicts queues.json stops the start, with every contradiction', () => {
  const { log } = recordingLog();
  const start = () =>
    createMessaging({
      connection: { kind: 'connection-string', connectionString: 'unused' },
      businesses: [
        { name: 'one', sends: ['nowhere'], handlers: { parcels: handler, 'orders/typo': handler } },
        { name: 'two', handlers: { parcels: handler } },
      ],
      roles: ['api'],
      settings: { sendTimeoutMs: 1, handlerTimeoutMs: 1 },
      queues: readQueues({
        name: 'this test',
        text: JSON.stringify({ queues: { parcels: {} }, topics: { orders: { subscriptions: { audit: {} } } } }),
      }),
      log,
    });
  expect(start).toThrow(
    'one sends to "nowhere", which is no queue or topic in infra/queues.json: add it there.\n' +
      'one handles "orders/typo", which is no queue or topic/subscription in infra/queues.json: add it there.\n' +
      '"parcels" has two handlers, of one and of two: keep one.',
  );
});

test('a handler of messages in sessions stops the start, and so do copies in sessions; to send to them is fine', () => {
  const sessions = { requiresSession: true };
  const entities = {
    queues: { steps: sessions, 'orders.audit.retry': sessions, others: sessions },
    topics: { orders: { subscriptions: { audit: {}, bills: sessions } } },
  };
  const start = () =>
    createMessaging({
      connection: { kind: 'connection-string', connectionString: 'unused' },
      businesses: [
        {
          name: 'one',
          sends: ['others'],
          handlers: { steps: handler, 'orders/audit': handler, 'orders/bills': handler },
        },
      ],
      roles: ['api'],
      settings: { sendTimeoutMs: 1, handlerTimeoutMs: 1 },
      queues: readQueues({ name: 'this test', text: JSON.stringify(entities) }),
      log: recordingLog().log,
    });
  const fault = (name: string) =>
    `one handles "${name}", which requires sessions in infra/queues.json, and this service cannot receive sessions: set its requiresSession to false (Azure cannot change that later: it takes a new queue or subscription).`;
  expect(start).toThrow(new Error([fault('steps'), fault('orders.audit.retry'), fault('orders/bills')].join('\n')));
});

test('a namespace without a credential is a sentence', () => {
  const { log } = recordingLog();
  const start = () =>
    createMessaging({
      connection: { kind: 'namespace', namespace: 'ns.servicebus.windows.net' },
      businesses: [],
      roles: ['api'],
      settings: { sendTimeoutMs: 1, handlerTimeoutMs: 1 },
      queues: readQueues({ name: 'this test', text: JSON.stringify({}) }),
      log,
    });
  expect(start).toThrow('SERVICEBUS_NAMESPACE needs an Entra credential');
});
