import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  classify,
  failureTable,
  otherReasons,
} from '../../../../src/observability/modules/dead-letters/failure-table.ts';
import { MalformedError, PermanentError, QueueUnavailable, TransientError } from '../../../../src/platform/errors.ts';
import { MessageTooLarge } from '../../../../src/platform/service-bus/message-too-large.ts';

test('each error has a class and a code, and what nobody knows is transient', () => {
  const classes = [
    new MalformedError('m'),
    new PermanentError('NoRoutingRule', 'm'),
    new MessageTooLarge('files'),
    new QueueUnavailable('m'),
    new TransientError('m', { retryAfterMs: 7 }),
    new RangeError('m'),
    'a text',
    undefined,
  ].map((error) => Object.values(classify(error)));
  expect(classes).toEqual([
    ['malformed', 'MalformedMessage', 0],
    ['permanent', 'NoRoutingRule', 0],
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

test('docs/modules/dead-letters.md explains every code', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/modules/dead-letters.md'), 'utf8');
  const codes = [...failureTable.map(({ reason }) => reason), ...Object.keys(otherReasons)];
  for (const code of codes) expect(page).toContain(`| \`${code}\` |`);
});

test('a Retry-After that is no time is none', () => {
  const asked = [Number.NaN, -5_000, Number.POSITIVE_INFINITY, 7_200_000].map(
    (retryAfterMs) => classify(new TransientError('429', { retryAfterMs })).retryAfterMs,
  );
  expect(asked).toEqual([0, 0, 3_600_000, 3_600_000]);
});
