import { expect, test } from 'vitest';
import { createDecide } from '../../../../src/observability/modules/dead-letters/decide.ts';
import { DependencyUnavailable } from '../../../../src/observability/modules/dead-letters/dependency-unavailable.ts';
import { readHistory } from '../../../../src/observability/modules/dead-letters/history.ts';
import { PermanentError, TransientError } from '../../../../src/platform/errors.ts';
import { copyMessage } from '../../../../src/platform/service-bus/copy-message.ts';
import { received } from './received.ts';

const now = new Date('2030-01-02T03:04:05.000Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const policy = { attempts: 3, firstMs: 5_000, factor: 3, capMs: 900_000, maxReplays: 1 };
const service = { version: '1.2.3', instance: 'replica-1' };
const decide = createDecide({ policy, service, random: () => 1 });
const failing = (properties = {}) => received({ applicationProperties: properties, enqueuedTimeUtc: after(-1_000) });

test('a transient failure is retried later, and the copy carries when it all began', () => {
  expect(decide({ message: failing({ 'obs-attempt': 2 }), error: new TransientError('503'), now })).toEqual({
    kind: 'later',
    at: after(15_000),
    attempt: 3,
    properties: {
      'obs-first-enqueued-at': '2030-01-02T03:04:04.000Z',
      'obs-first-failure': '2030-01-02T03:04:05.000Z',
      'obs-history':
        '[{"time":"2030-01-02T03:04:05.000Z","attempt":2,"outcome":"retried","reason":"TransientFailure","host":"replica-1"}]',
    },
  });
});

test('what the message carries already stays: when it was first queued and when it first failed', () => {
  const before = {
    'obs-first-enqueued-at': '2029-12-31T00:00:00.000Z',
    'obs-first-failure': '2030-01-01T00:00:00.000Z',
  };
  expect(decide({ message: failing(before), error: new Error('x'), now }).properties).toMatchObject(before);
});

test('who asks for time gets it, an hour at most', () => {
  const at = (retryAfterMs: number) => {
    const decision = decide({ message: failing(), error: new TransientError('429', { retryAfterMs }), now });
    return decision.kind === 'later' ? decision.at.getTime() - now.getTime() : undefined;
  };
  expect(at(1_000)).toBe(5_000);
  expect(at(60_000)).toBe(62_500);
  expect(at(Number.MAX_SAFE_INTEGER)).toBe(3_602_500);
});

test('what waits for a dependency waits until it is tried again, as the same attempt, however the handler wrapped it', () => {
  const unavailable = new DependencyUnavailable('documents', after(7_000));
  for (const error of [
    unavailable,
    new Error('wrapped', { cause: new TransientError('twice', { cause: unavailable }) }),
  ]) {
    const decision = decide({ message: failing({ 'obs-attempt': 3 }), error, now });
    expect(decision).toMatchObject({ kind: 'later', at: after(7_000), attempt: 3 });
    expect(decision.properties).not.toHaveProperty('obs-first-failure');
    expect(readHistory(decision.properties)).toMatchObject([{ outcome: 'put-aside', reason: 'DependencyUnavailable' }]);
  }
  const past = new DependencyUnavailable('documents', after(-7_000));
  expect(decide({ message: failing(), error: past, now })).toMatchObject({ at: now });
});

test('the last attempt and a permanent failure end in the dead-letter queue', () => {
  const exhausted = decide({ message: failing({ 'obs-attempt': 3 }), error: new TransientError('503 for 4711'), now });
  expect(exhausted).toMatchObject({
    kind: 'dead-letter',
    reason: 'RetriesExhausted',
    description: 'TransientError: 503 for 4711',
    properties: { 'obs-attempts': 3, 'obs-service-version': '1.2.3' },
  });
  expect(exhausted.properties).not.toHaveProperty('obs-parked');
  const again = decide({ message: failing({ 'obs-attempt': 3 }), error: new TransientError('503 for 12'), now });
  expect(again.properties?.['obs-error-fingerprint']).toBe(exhausted.properties?.['obs-error-fingerprint']);
  const refused = new PermanentError('DestinationRefused', '422');
  expect(decide({ message: failing(), error: refused, now })).toMatchObject({
    reason: 'DestinationRefused',
    properties: { 'obs-attempts': 1 },
  });
});

test('a replay that fails again is parked, when it was replayed often enough', () => {
  const parked = (maxReplays: number, replays: unknown) =>
    createDecide({ policy: { ...policy, maxReplays }, service })({
      message: failing({ 'obs-replay-count': replays }),
      error: new PermanentError('No', 'no'),
      now,
    }).properties?.['obs-parked'];
  expect([parked(1, undefined), parked(1, 1), parked(2, 1), parked(2, 2), parked(1, 'many')]).toEqual([
    undefined,
    true,
    undefined,
    true,
    undefined,
  ]);
});

test('a message that was delivered before hands over to its copy, whose id the lost copy would have had', () => {
  const message = received({
    deliveryCount: 1,
    applicationProperties: { 'obs-attempt': 2, 'obs-copy': 2, 'file-id': 'a1' },
  });
  const lost = decide({ message, error: new TransientError('503'), now });
  const decision = decide({ message, error: new PermanentError('No', 'no'), now });
  expect(decision).toMatchObject({ kind: 'later', at: now, attempt: 2 });
  expect(readHistory(decision.properties)).toMatchObject([{ outcome: 'handed-over', reason: 'No' }]);
  if (decision.kind !== 'later' || lost.kind !== 'later') throw new Error('not later');
  const cause = { message, source: { name: 'q', queue: 'q', lockDurationMs: 60_000, maxDeliveryCount: 10 } };
  expect(copyMessage(cause, decision).messageId).toBe(copyMessage(cause, lost).messageId);

  const first = received({ ...message, deliveryCount: 0 });
  expect(decide({ message: first, error: new PermanentError('No', 'no'), now })).toMatchObject({ kind: 'dead-letter' });
  const cannotCopy = decide({ message, error: new PermanentError('No', 'no'), now, canCopy: false });
  expect(cannotCopy).toMatchObject({ kind: 'dead-letter', reason: 'No' });
});

test('secrets and long texts do not reach the message', () => {
  const error = new PermanentError('No', `Bearer abcdefghijkl ${'x'.repeat(5_000)}`);
  const decision = decide({ message: failing(), error, now });
  if (decision.kind !== 'dead-letter') throw new Error('not dead-lettered');
  expect(decision.description).toHaveLength(1_000);
  expect(decision.description).not.toContain('abcdefghijkl');
});
