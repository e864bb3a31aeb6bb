import { expect, test } from 'vitest';
import { copyMessage } from '../../../../src/observability/modules/dead-letters/copy-message.ts';
import { createDecide } from '../../../../src/observability/modules/dead-letters/decide.ts';
import { DependencyUnavailable } from '../../../../src/observability/modules/dead-letters/failure-table.ts';
import { readHistory } from '../../../../src/observability/modules/dead-letters/history.ts';
import { property } from '../../../../src/observability/modules/dead-letters/properties.ts';
import { PermanentError, TransientError } from '../../../../src/platform/errors.ts';
import { received } from './received.ts';

const now = new Date('2030-01-02T03:04:05.000Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const policy = { attempts: 3, firstMs: 5_000, factor: 3, capMs: 900_000, maxReplays: 1, giveUpAfterMs: 72 * 3_600_000 };
const service = { version: '1.2.3', instance: 'replica-1' };
const decide = createDecide(policy, service, () => 1);
const failing = (properties = {}) => received({ applicationProperties: properties, enqueuedTimeUtc: after(-1_000) });

test('a transient failure is retried later, and the copy carries when it all began', () => {
  expect(decide({ message: failing({ 'obs-attempt': 2 }), error: new TransientError('503'), now })).toEqual({
    kind: 'later',
    at: after(15_000),
    attempt: 3,
    properties: {
      [property.firstEnqueuedAt]: '2030-01-02T03:04:04.000Z',
      [property.firstFailure]: '2030-01-02T03:04:05.000Z',
      [property.history]:
        '[{"time":"2030-01-02T03:04:05.000Z","attempt":2,"outcome":"retried","reason":"TransientFailure","host":"replica-1"}]',
    },
  });
});

test('what the message carries already stays: when it was first queued and when it first failed', () => {
  const before = {
    [property.firstEnqueuedAt]: '2029-12-31T00:00:00.000Z',
    [property.firstFailure]: '2030-01-01T00:00:00.000Z',
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
  const unavailable = new DependencyUnavailable('north', after(7_000));
  for (const error of [
    unavailable,
    new Error('wrapped', { cause: new TransientError('twice', { cause: unavailable }) }),
  ]) {
    const decision = decide({ message: failing({ 'obs-attempt': 3 }), error, now });
    expect(decision).toMatchObject({ kind: 'later', at: after(7_000), attempt: 3 });
    expect(decision.properties).not.toHaveProperty(property.firstFailure);
    expect(readHistory(decision.properties)).toMatchObject([{ outcome: 'put-aside', reason: 'DependencyUnavailable' }]);
  }
  const past = new DependencyUnavailable('north', after(-7_000));
  expect(decide({ message: failing(), error: past, now })).toMatchObject({ at: now });
});

test('the last attempt and a permanent failure end in the dead-letter queue', () => {
  const exhausted = decide({ message: failing({ 'obs-attempt': 3 }), error: new TransientError('503 for 4711'), now });
  expect(exhausted).toMatchObject({
    kind: 'dead-letter',
    reason: 'RetriesExhausted',
    description: 'TransientError: 503 for 4711',
    properties: { [property.attempts]: 3, [property.serviceVersion]: '1.2.3' },
  });
  expect(exhausted.properties).not.toHaveProperty(property.parked);
  const again = decide({ message: failing({ [property.attempt]: 3 }), error: new TransientError('503 for 12'), now });
  expect(again.properties?.[property.fingerprint]).toBe(exhausted.properties?.[property.fingerprint]);
  const refused = new PermanentError('DestinationRefused', '422');
  expect(decide({ message: failing(), error: refused, now })).toMatchObject({
    reason: 'DestinationRefused',
    properties: { [property.attempts]: 1 },
  });
});

test('a replay that fails again is parked, when it was replayed often enough', () => {
  const parked = (maxReplays: number, replays: unknown) =>
    createDecide(
      { ...policy, maxReplays },
      service,
    )({
      message: failing({ [property.replayCount]: replays }),
      error: new PermanentError('No', 'no'),
      now,
    }).properties?.[property.parked];
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
    applicationProperties: { 'obs-attempt': 2, 'obs-copy': 2, 'parcel-id': 'a1' },
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

const hours = (count: number) => count * 3_600_000;
const aged = (ms: number, given: Partial<Parameters<typeof received>[0]> = {}) =>
  received({ enqueuedTimeUtc: after(-ms), ...given });
const error = new TransientError('503');
const putAside = new DependencyUnavailable('north', after(7_000));

test('the time to live of the first message ends all its copies, and each carries when', () => {
  const first = decide({ message: aged(10_000, { timeToLive: 60_000 }), error, now });
  expect(first).toMatchObject({ kind: 'later', properties: { [property.expiresAt]: after(50_000).toISOString() } });
  // The copy has less time left, and was queued later: neither moves the end.
  const copy = (ms: number) =>
    aged(0, { timeToLive: 60_000, applicationProperties: { [property.expiresAt]: after(ms).toISOString() } });
  expect(decide({ message: copy(5_001), error, now }).properties?.[property.expiresAt]).toBe(
    after(5_001).toISOString(),
  );
  const end = { kind: 'dead-letter', reason: 'ExpiresBeforeRetry', properties: { [property.attempts]: 1 } };
  expect(decide({ message: copy(5_000), error, now })).toMatchObject(end);
  expect(decide({ message: copy(7_000), error: putAside, now })).toMatchObject(end);
  expect(decide({ message: aged(0, { timeToLive: 0 }), error, now })).toMatchObject(end);
});

test('a message that is too old for another try is dead-lettered, put aside or not, with a code of its own', () => {
  const end = { kind: 'dead-letter', reason: 'RetriedTooLong' };
  for (const failure of [error, putAside]) {
    expect(decide({ message: aged(hours(72) - 7_001), error: failure, now })).toMatchObject({ kind: 'later' });
    expect(decide({ message: aged(hours(72)), error: failure, now })).toMatchObject(end);
    const began = { [property.firstEnqueuedAt]: after(-hours(72)).toISOString() };
    expect(decide({ message: aged(0, { applicationProperties: began }), error: failure, now })).toMatchObject(end);
  }
});

test('what ends another way keeps its own code, however old it is', () => {
  const old = aged(hours(100), { timeToLive: 1_000 });
  expect(decide({ message: old, error: new PermanentError('No', 'no'), now })).toMatchObject({ reason: 'No' });
  const last = { ...old, applicationProperties: { [property.attempt]: 3, attempt: 3 } };
  expect(decide({ message: last, error, now })).toMatchObject({ reason: 'RetriesExhausted' });
});

test('a message delivered before hands over to its copy, unless a copy would already have expired', () => {
  const delivered = (timeToLive: number) => aged(2_000, { timeToLive, deliveryCount: 1 });
  expect(decide({ message: delivered(4_000), error, now })).toMatchObject({ kind: 'later', at: now, attempt: 2 });
  expect(decide({ message: delivered(2_000), error, now })).toMatchObject({ reason: 'ExpiresBeforeRetry' });
});
