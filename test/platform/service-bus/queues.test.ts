import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import deployed from '../../../infra/queues.json' with { type: 'json' };
import { readQueues } from '../../../src/platform/service-bus/queues.ts';

const folder = mkdtempSync(join(tmpdir(), 'queues with ä space '));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(content: string): string {
  mkdirSync(join(folder, 'infra'), { recursive: true });
  const path = join(folder, 'infra', 'queues.json');
  writeFileSync(path, content);
  return path;
}

test('the file that is deployed can be read', () => {
  const { sources, targets } = readQueues();
  expect([...targets].toSorted()).toEqual(
    [...Object.keys(deployed.queues), ...Object.keys(deployed.topics)].toSorted(),
  );
  expect([...sources.keys()]).toEqual(expect.arrayContaining(Object.keys(deployed.queues)));
});

test('queues and subscriptions are sources, queues and topics are targets', () => {
  const path = write(`{
    "queues": { "small": { "lockDuration": "PT30S", "maxDeliveryCount": 3, "requiresSession": false } },
    "topics": { "orders": { "supportOrdering": true, "subscriptions": { "audit": { "lockDuration": "PT1M30S" } } } }
  }`);
  const { sources, targets } = readQueues({ name: path });
  expect([...targets]).toEqual(['small', 'orders']);
  expect(Object.fromEntries(sources)).toEqual({
    small: { name: 'small', queue: 'small', lockDurationMs: 30_000, maxDeliveryCount: 3 },
    'orders/audit': {
      name: 'orders/audit',
      topic: 'orders',
      subscription: 'audit',
      lockDurationMs: 90_000,
      maxDeliveryCount: 10,
    },
  });
});

test("what the file leaves out is Azure's own default", () => {
  expect(readQueues({ name: write('{ "queues": { "plain": {} } }') }).sources.get('plain')).toMatchObject({
    lockDurationMs: 60_000,
    maxDeliveryCount: 10,
  });
});

test.each([
  [
    'a requiresSession that is no boolean',
    '{ "queues": { "q": { "requiresSession": "yes" } } }',
    /queues\.q\.requiresSession/,
  ],
  [
    'a duration that is none',
    '{ "queues": { "q": { "lockDuration": "1 minute" } } }',
    /queues\.q\.lockDuration: found "1 minute"; allowed: .* PT1M or PT30S/,
  ],
  ['an empty duration', '{ "queues": { "q": { "lockDuration": "PT" } } }', /queues\.q\.lockDuration/],
  ['a count of zero', '{ "queues": { "q": { "maxDeliveryCount": 0 } } }', /queues\.q\.maxDeliveryCount/],
  ['text that is no JSON', '{ queues', /queues\.json: line 1, column 3: found text that is not JSON/],
])('%s is reported with its place', (_what, content, message) => {
  const name = write(content);
  expect(() => readQueues({ name })).toThrow(message);
});
