import type { RequestHandler } from 'express';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import entities from '../../../infra/queues.json' with { type: 'json' };
import { acceptFile } from '../../../src/business/file-router/accept-file.ts';
import { createFileIds } from '../../../src/business/file-router/file-ids.ts';
import type { ServiceBusMessage } from '../../../src/platform/messaging.ts';
import { recordedLog } from '../../platform/recorded-log.ts';
import { runningHost } from '../../platform/running-host.ts';

interface Post {
  key?: string;
  content?: string;
  /** The client of the caller's token. */
  client?: string;
}

/** The route alone, with a queue that keeps what it is sent; `refuses` makes it throw. */
async function fileRoute() {
  const queue = { sent: [] as ServiceBusMessage[], refuses: false };
  const send = async (_: string, message: ServiceBusMessage) => {
    if (queue.refuses) throw new Error('no');
    queue.sent.push(message);
  };
  const route = acceptFile({ send, log: recordedLog(), settings: {} });
  const nameCaller: RequestHandler = (request, response, next) => {
    const client = request.get('x-test-client');
    response.locals.caller = client === undefined ? undefined : { client, object: undefined };
    next();
  };
  const { url } = await runningHost((router) => router.post('/files', route), { http: [nameCaller] });
  const post = async ({ key, content = 'content', client }: Post) => {
    const headers = {
      'x-file-name': 'a.txt',
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(client !== undefined && { 'x-test-client': client }),
    };
    const response = await fetch(`${url}/files`, { method: 'POST', headers, body: content });
    return { status: response.status, body: (await response.json()) as { fileId?: string; type?: string } };
  };
  return { post, queue };
}

test('a repeat of key and content by the same caller is the same file', async () => {
  const { post, queue } = await fileRoute();
  const [first, second] = [await post({ key: 'invoice-17' }), await post({ key: 'invoice-17' })];
  expect(first).toMatchObject({ status: 202, body: { fileId: expect.stringMatching(/^[\w-]{43}$/) } });
  expect(second).toEqual(first);
  expect(queue.sent.map(({ messageId }) => messageId)).toEqual([first.body.fileId, first.body.fileId]);
});

test('other content under a key that was accepted is refused with 409 and not queued', async () => {
  const { post, queue } = await fileRoute();
  await post({ key: 'invoice-17', content: 'garbage' });
  expect(await post({ key: 'invoice-17', content: 'the real invoice' })).toMatchObject({
    status: 409,
    body: { type: 'idempotency-key-reused', status: 409 },
  });
  expect(queue.sent).toHaveLength(1);
});

test('a key belongs to its caller: the same key and content of another one is another file', async () => {
  const { post } = await fileRoute();
  const callers = [undefined, 'mallory', 'alice'];
  const ids = new Set<string | undefined>();
  for (const client of callers) ids.add((await post({ key: 'invoice-17', ...(client && { client }) })).body.fileId);
  expect(ids.size).toBe(3);
  expect(await post({ key: 'invoice-17', content: 'other', client: 'bob' })).toMatchObject({ status: 202 });
});

test('without a key each request is a file of its own', async () => {
  const { post } = await fileRoute();
  const [first, second] = [await post({}), await post({})];
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(first.body.fileId).not.toBe(second.body.fileId);
});

test('a key whose file the queue did not take may come again with other content', async () => {
  const { post, queue } = await fileRoute();
  queue.refuses = true;
  expect((await post({ key: 'report', content: 'made at 10:00' })).status).toBe(500);
  queue.refuses = false;
  expect(await post({ key: 'report', content: 'made at 10:01' })).toMatchObject({ status: 202 });
});

test.each(['', 'a:b', 'a b', 'schlüssel', 'k'.repeat(101), '../x'])('the key %s is refused', (key) => {
  expect(() => createFileIds().idOf('anonymous', key, Buffer.from('x'))).toThrow('1 to 100 of the characters');
});

test('different callers, keys or contents never make the same id, and every id fits a message', () => {
  const ids = createFileIds();
  const key = fc.stringMatching(/^[\w.-]{1,100}$/);
  const file = fc.record({ caller: fc.string(), key, content: fc.string() });
  fc.assert(
    fc.property(file, file, (one, other) => {
      const [first, second] = [one, other].map(({ caller, key, content }) =>
        ids.idOf(caller, key, Buffer.from(content)),
      );
      const isSame = JSON.stringify(one) === JSON.stringify(other);
      expect(first === second).toBe(isSame);
      expect(first?.length).toBeLessThanOrEqual(128);
    }),
    {
      examples: [
        [
          { caller: 'a', key: 'bc', content: '' },
          { caller: 'ab', key: 'c', content: '' },
        ],
      ],
      numRuns: 200,
    },
  );
});

test('a key is remembered as long as the broker remembers ids, and the newest keys only', () => {
  let now = 0;
  const ids = createFileIds({ mostKeys: 2, now: () => now });
  const accept = (key: string, content: string) => ids.remember('a', key, ids.idOf('a', key, Buffer.from(content)));
  const isTaken = (key: string) => {
    try {
      ids.idOf('a', key, Buffer.from('other'));
      return false;
    } catch {
      return true;
    }
  };
  expect(entities.queues.files.duplicateDetectionHistoryTimeWindow).toBe('PT10M');
  accept('old', 'x');
  now = 10 * 60_000 - 1;
  expect(isTaken('old')).toBe(true);
  now += 1;
  expect(isTaken('old')).toBe(false);
  for (const key of ['first', 'second', 'third']) accept(key, 'x');
  expect(['first', 'second', 'third'].map(isTaken)).toEqual([false, true, true]);
});
