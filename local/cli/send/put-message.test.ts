import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { expect, test } from 'vitest';
import { openBody } from '../../business/contents.ts';
import type { MessageRequest } from '../../business/local-business.ts';
import { startServiceBus } from '../../service-bus/index.ts';
import { postRequest } from './post-request.ts';

const asked: MessageRequest = {
  label: 'one',
  target: 'parcels',
  messageId: 'p-1',
  open: async () => openBody({ a: 1 }),
};
const signal = AbortSignal.timeout(30_000);
const to = (serviceBus: string) => ({ url: 'http://127.0.0.1:9', serviceBus, agent: new Agent(), follow: undefined });

test('a message that the broker confirms is accepted under its own id', async () => {
  const serviceBus = await startServiceBus({ entities: { queues: { parcels: {} } } });
  const sha256 = createHash('sha256').update('{"a":1}').digest('hex');
  const accepted = { kind: 'answered', status: 202, id: 'p-1', sha256 };
  expect(await postRequest(asked, to(serviceBus.connectionString), signal)).toMatchObject(accepted);
  expect(serviceBus.entities.queue('parcels')?.queue.peek(0, 10)).toHaveLength(1);

  const elsewhere = { ...asked, target: 'letters' };
  expect(await postRequest(elsewhere, to(serviceBus.connectionString), signal)).toMatchObject({ kind: 'unanswered' });
  await serviceBus.stop();
});

test('a content that cannot be read is told as such', async () => {
  const broken = { ...asked, open: () => Promise.reject(new Error('gone')) };
  expect(await postRequest(broken, to(''), signal)).toEqual({ kind: 'unreadable', reason: 'gone' });
});
