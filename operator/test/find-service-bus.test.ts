import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readCommandSettings } from '../command-settings.ts';
import { findServiceBus } from '../find-service-bus.ts';

const nothing = { serviceBus: undefined };
const inAzure = { kind: 'namespace', namespace: 'orders.servicebus.windows.net' } as const;
const local = 'Endpoint=sb://127.0.0.1;SharedAccessKeyName=k;SharedAccessKey=v;UseDevelopmentEmulator=true';
const run = { version: 1, pid: process.pid, level: 2, serviceBus: local, ingestion: 'http://127.0.0.1:4602' };

function checkout(content?: object | string) {
  const root = mkdtempSync(join(tmpdir(), 'checkout ü '));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, '.local'));
  const file = join(root, '.local', 'run.json');
  if (content !== undefined) writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return { root, file };
}

test('the options come before the variables, and those before the run of the checkout', async () => {
  const { root, file } = checkout(run);
  const running = { connection: { kind: 'connection-string', connectionString: local }, run };
  expect(await findServiceBus({ settings: nothing, root })).toEqual(running);
  expect(await findServiceBus({ settings: { serviceBus: inAzure }, root })).toEqual({ connection: inAzure });
  expect(await findServiceBus({ settings: { serviceBus: inAzure }, run: file })).toEqual(running);
  expect(await findServiceBus({ settings: nothing, root, namespace: 'orders' })).toEqual({ connection: inAzure });
  await expect(findServiceBus({ settings: nothing, run: file, namespace: 'orders' })).rejects.toThrow('not both');
  await expect(findServiceBus({ settings: nothing, namespace: 'sb://orders/' })).rejects.toThrow(
    'no name of a Service Bus',
  );
});

test('without any, with a stale run or with another file, one sentence says what to do', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  for (const [content, sentence] of [
    [undefined, 'run "npm start" first, or name what runs in Azure (--namespace, --workspace).'],
    [{ ...run, pid: gone }, 'is stale'],
    [{ version: 2 }, 'does not hold a run of this version'],
    ['{', 'does not hold a run of this version'],
  ] as const) {
    const { root } = checkout(content);
    await expect(findServiceBus({ settings: nothing, root })).rejects.toThrow(
      expect.objectContaining({ name: 'CommandRefused', message: expect.stringContaining(sentence) }),
    );
  }
});

test('a run whose service has no queue has no Service Bus either', async () => {
  const { root } = checkout({ ...run, serviceBus: undefined });
  await expect(findServiceBus({ settings: nothing, root })).rejects.toThrow(
    'What runs here has no Service Bus, because infra/queues.json names no queue and no topic: there are no dead letters.',
  );
});

test('a command needs none of the variables of the service, and reports its own', () => {
  expect(readCommandSettings({ PORT: 'no number' })).toEqual({
    serviceBus: undefined,
    azureClientId: undefined,
    plain: false,
  });
  expect(readCommandSettings({ SERVICEBUS_NAMESPACE: inAzure.namespace, CI: 'true' })).toMatchObject({
    serviceBus: inAzure,
    plain: true,
  });
  expect(() => readCommandSettings({ SERVICEBUS_NAMESPACE: 'sb://x' })).toThrow('SERVICEBUS_NAMESPACE');
  const both = { SERVICEBUS_NAMESPACE: inAzure.namespace, SERVICEBUS_CONNECTION_STRING: local };
  expect(() => readCommandSettings(both)).toThrow('one of the two');
});
