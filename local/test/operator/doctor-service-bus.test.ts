import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { readQueues } from '../../../src/platform/service-bus/queues.ts';
import { createMessaging } from '../../../src/platform/service-bus/service-bus-messaging.ts';
import { recordingLog } from '../../../test/platform/service-bus/recording-log.ts';
import { startServiceBus } from '../../service-bus/index.ts';
import { importOperator } from './import-operator.ts';

const { runDoctor } = await importOperator('doctor/run-doctor.ts');

const queue = {
  ...{ lockDuration: 'PT1M', maxDeliveryCount: 10, requiresSession: false },
  ...{ requiresDuplicateDetection: true, duplicateDetectionHistoryTimeWindow: 'PT10M' },
};
const topic = { requiresDuplicateDetection: true, subscriptions: { audit: { lockDuration: 'PT1M' } } };
const file = { queues: { parcels: queue }, topics: { orders: topic } };
const business = {
  name: 'parcels',
  sends: ['orders'],
  handlers: { parcels: async () => {}, 'orders/audit': async () => {} },
};

interface Given {
  /** The entities of the broker, where they differ from `infra/queues.json`. */
  entities?: object;
  env?: Record<string, string>;
  argv?: string[];
}

/** A broker of the test, and the doctor in a checkout whose variables name that broker. */
async function startBroker({ onTestFinished }: TestContext, { entities = file }: Given = {}) {
  const bus = await startServiceBus({ entities });
  const root = mkdtempSync(join(tmpdir(), 'doctor é '));
  onTestFinished(async () => {
    await bus.stop();
    rmSync(root, { recursive: true });
  });
  const write = (path: string, content: object) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(content));
  };
  write('observability.json', { level: 1 });
  write('infra/queues.json', file);
  const env = { SERVICEBUS_CONNECTION_STRING: bus.connectionString, SERVICEBUS_ADMIN_URL: bus.adminUrl };

  return {
    bus,
    /** A service that handles what is in the queues. */
    startWorker() {
      const service = createMessaging({
        connection: { kind: 'connection-string', connectionString: bus.connectionString },
        businesses: [business],
        roles: ['worker'],
        settings: { sendTimeoutMs: 5_000, handlerTimeoutMs: 30_000 },
        queues: readQueues({ name: 'infra/queues.json', text: JSON.stringify(file) }),
        log: recordingLog().log,
      });
      onTestFinished(() => service.stop(AbortSignal.abort()));
      service.start();
    },
    async doctor({ argv = [], env: more = {} }: Given = {}) {
      const printed: string[] = [];
      await runDoctor(['--json', ...argv], {
        ...{ root, env: { ...env, ...more }, businesses: [business], patienceMs: 500 },
        terminal: { print: async (line: string) => void printed.push(line), tell: () => {}, count: () => {} },
      });
      const { findings, notChecked } = JSON.parse(printed[0] ?? '');
      const reasons: Record<string, string> = Object.fromEntries(
        notChecked.map(({ code, reason }: { code: string; reason: string }) => [code, reason]),
      );
      return { findings, reasons };
    },
  };
}

const finding = (code: string, what: unknown) => expect.objectContaining({ code, what });

test('a namespace that agrees with infra/queues.json is no finding, and no message is sent to it unasked', async (context) => {
  const { doctor, bus } = await startBroker(context);
  const { findings, reasons } = await doctor();
  expect(findings).toEqual([]);
  expect(Object.keys(reasons).filter((code) => /queue|service-bus/.test(code))).toEqual([]);
  expect(reasons['message-not-completed']).toBe('it sends a message: add --send');
  expect(bus.entities.queue('parcels')?.queue.counts().total).toBe(0);
});

test('service-bus-unreachable: one finding, and what it stands in the way of is not checked', async (context) => {
  const { doctor, bus } = await startBroker(context);
  await bus.faults.stopBroker();
  const { findings, reasons } = await doctor();
  expect(findings).toEqual([finding('service-bus-unreachable', expect.stringContaining('does not answer'))]);
  for (const code of ['service-bus-forbidden', 'queue-missing', 'queue-lock-differs', 'message-not-completed'])
    expect(reasons[code], code).toBe('a finding above stands in the way');
});

test('queue-missing: each entity that the namespace does not have, also one that is only sent to', async (context) => {
  const { doctor } = await startBroker(context, { entities: { queues: { parcels: queue } } });
  const { findings } = await doctor();
  expect(findings).toEqual([
    finding('queue-missing', expect.stringMatching(/has no "orders".*\n.*has no "orders\/audit"/)),
  ]);
});

test('queue-lock-differs: a lock that is not the one of the file, of a queue or of a subscription', async (context) => {
  const entities = {
    queues: { parcels: { ...queue, lockDuration: 'PT30S' } },
    topics: { orders: { ...topic, subscriptions: { audit: { lockDuration: 'PT2M' } } } },
  };
  const { doctor } = await startBroker(context, { entities });
  expect((await doctor()).findings).toEqual([
    finding(
      'queue-lock-differs',
      [
        'parcels: lockDuration is PT30S, and PT1M in infra/queues.json.',
        'orders/audit: lockDuration is PT2M, and PT1M in infra/queues.json.',
      ].join('\n'),
    ),
  ]);
});

test('durations that are written in another way and are equal are no finding', async (context) => {
  const entities = { ...file, queues: { parcels: { ...queue, duplicateDetectionHistoryTimeWindow: 'PT600S' } } };
  const { doctor } = await startBroker(context, { entities });
  expect((await doctor()).findings).toEqual([]);
});

test('queue-settings-differ: delivery count and duplicate detection', async (context) => {
  const entities = {
    queues: { parcels: { lockDuration: 'PT1M', maxDeliveryCount: 3, requiresDuplicateDetection: false } },
    topics: { orders: { ...topic, requiresDuplicateDetection: false } },
  };
  const { doctor } = await startBroker(context, { entities });
  const { findings } = await doctor();
  expect(findings).toEqual([finding('queue-settings-differ', expect.any(String))]);
  expect(findings[0].what).toContain('parcels: maxDeliveryCount is 3, and 10 in infra/queues.json.');
  expect(findings[0].what).toContain('parcels: requiresDuplicateDetection is false, and true in infra/queues.json.');
  expect(findings[0].what).toContain('orders: requiresDuplicateDetection is false, and true in infra/queues.json.');
});

test('a canary that is asked for is completed where a worker runs, and none goes to the topic', async (context) => {
  const { doctor, startWorker, bus } = await startBroker(context);
  startWorker();
  const { findings, reasons } = await doctor({ argv: ['--send'] });
  expect([findings, reasons['message-not-completed']]).toEqual([[], undefined]);
  expect(bus.entities.queue('parcels')?.queue.counts().total).toBe(0);
  expect(bus.entities.subscription('orders', 'audit')?.queue.counts().total).toBe(0);
});

test('message-not-completed: without a worker the canary waits in its queue', async (context) => {
  const { doctor, bus } = await startBroker(context);
  const { findings } = await doctor({ argv: ['--send'] });
  expect(findings).toEqual([
    finding('message-not-completed', expect.stringMatching(/^parcels: .* still waits after 500 ms/)),
  ]);
  expect(bus.entities.queue('parcels')?.queue.counts().total).toBe(1);
});

test('an identity that may not send is told the role to assign, and that is no finding', async (context) => {
  const { doctor, bus } = await startBroker(context);
  bus.faults.refuseSends({ condition: 'amqp:unauthorized-access' });
  const { findings, reasons } = await doctor({ argv: ['--send'] });
  expect(findings).toEqual([]);
  expect(reasons['message-not-completed']).toContain('assign your identity the role "Azure Service Bus Data Sender"');
});
