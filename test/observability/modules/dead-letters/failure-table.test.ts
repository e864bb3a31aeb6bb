import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  classify,
  failureTable,
  otherReasons,
} from '../../../../src/observability/modules/dead-letters/failure-table.ts';
import {
  MalformedError,
  MessageTooLarge,
  PermanentError,
  QueueUnavailable,
  TransientError,
} from '../../../../src/platform/errors.ts';

/** Where a server listened until a moment ago. */
async function addressOfNothing(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/`;
}

test('each error has a class and a code, and what nobody knows is transient', () => {
  const classes = [
    new MalformedError('m'),
    new PermanentError('NoDepot', 'm'),
    new MessageTooLarge('parcels'),
    new QueueUnavailable('m'),
    new TransientError('m', { retryAfterMs: 7 }),
    new RangeError('m'),
    'a text',
    undefined,
  ].map((error) => Object.values(classify(error)).slice(0, 3));
  expect(classes).toEqual([
    ['malformed', 'MalformedMessage', 0],
    ['permanent', 'NoDepot', 0],
    ['permanent', 'MessageTooLarge', 0],
    ['transient', 'QueueUnavailable', 0],
    ['transient', 'TransientFailure', 7],
    ['transient', 'UnexpectedError', 0],
    ['transient', 'UnexpectedError', 0],
    ['transient', 'UnexpectedError', 0],
  ]);
});

test('a code is a word: text with something of the message in it is none', () => {
  const codes = ['Refused', 'a.b-c_9', 'for user 17', '', '9lives', 'x'.repeat(65)];
  const reasons = codes.map((code) => classify(new PermanentError(code, 'm')).reason);
  const own = 'PermanentFailure';
  expect(reasons).toEqual(['Refused', 'a.b-c_9', own, own, own, own]);
});

/** A dead letter shows them in the same field. */
const byTheBroker = ['MaxDeliveryCountExceeded', 'TTLExpiredException'];

test('docs/modules/dead-letters.md explains every code', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/modules/dead-letters.md'), 'utf8');
  const codes = [...failureTable.map(({ reason }) => reason), ...Object.values(otherReasons), ...byTheBroker];
  for (const code of codes) expect(page).toContain(`| \`${code}\` |`);
});

test('a Retry-After that is no time is none', () => {
  const asked = [Number.NaN, -5_000, Number.POSITIVE_INFINITY, 7_200_000].map(
    (retryAfterMs) => classify(new TransientError('429', { retryAfterMs })).retryAfterMs,
  );
  expect(asked).toEqual([0, 0, 3_600_000, 3_600_000]);
});

test('a connection that was refused, lost or timed out is no answer, however it is wrapped; a status is one', async () => {
  const url = await addressOfNothing();
  const refused = await fetch(url).catch((error: unknown) => error);
  const aborted = await fetch(url, { signal: AbortSignal.abort() }).catch((error: unknown) => error);
  const silences = [
    refused,
    aborted,
    new DOMException('late', 'TimeoutError'),
    ...['ECONNRESET', 'EAI_AGAIN', 'UND_ERR_HEADERS_TIMEOUT', 'ERR_NETWORK'].map((code) =>
      Object.assign(new Error('m'), { code }),
    ),
  ];
  for (const cause of silences) {
    expect(classify(cause).answered, String(cause)).toBe(false);
    expect(classify(new TransientError('not reached', { cause })).answered, String(cause)).toBe(false);
  }
  const answers = [new TransientError('503'), Object.assign(new Error('m'), { code: 'ERR_BAD_RESPONSE' }), 'a text'];
  for (const answer of answers) expect(classify(answer).answered, String(answer)).toBe(true);
});
