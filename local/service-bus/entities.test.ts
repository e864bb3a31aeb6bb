import { expect, test } from 'vitest';
import queues from '../../infra/queues.json' with { type: 'json' };
import fixture from '../../test/fixture-business/queues.json' with { type: 'json' };
import { engineSettings, queueProperties, readEntities } from './entities.ts';

test('the file that Bicep deploys is read as it is', () => {
  expect(Object.keys(readEntities(queues).queues)).toEqual(expect.arrayContaining(Object.keys(queues.queues)));
  expect(Object.keys(readEntities(fixture).queues)).toEqual(Object.keys(fixture.queues));
});

test('what is left out has the default of Azure', () => {
  const settings = engineSettings(queueProperties.parse({}));
  expect(settings).toEqual({
    lockDurationMs: 60_000,
    maxDeliveryCount: 10,
    timeToLiveMs: Number.POSITIVE_INFINITY,
    deadLetterOnExpiration: false,
    duplicateWindowMs: 0,
    requiresSession: false,
    maxMessageBytes: 262_144,
  });
});

test('the duplicate window counts only where duplicate detection is on', () => {
  const window = { duplicateDetectionHistoryTimeWindow: 'PT1H' };
  expect(engineSettings(queueProperties.parse(window)).duplicateWindowMs).toBe(0);
  const on = queueProperties.parse({ ...window, requiresDuplicateDetection: true });
  expect(engineSettings(on).duplicateWindowMs).toBe(3_600_000);
});

test('every fault is named with its path, and all of them at once', () => {
  const bad = {
    queues: { parcels: { lockDuration: '1m', maxDeliveryCount: 0 } },
    topics: { orders: { subscriptions: { audit: { lockDurations: 'PT1M', rules: {} } } } },
  };
  expect(() => readEntities(bad)).toThrow(/queues\.parcels\.lockDuration: must be an ISO 8601 duration such as PT1M/);
  expect(() => readEntities(bad)).toThrow(/queues\.parcels\.maxDeliveryCount: /);
  expect(() => readEntities(bad)).toThrow(/topics\.orders\.subscriptions\.audit: .*lockDurations/);
  expect(() => readEntities(bad)).toThrow(/audit\.rules: is not done by this test double/);
});

test.each([
  ['forwarding, which is not done', { queues: { a: { forwardTo: 'b' } } }],
  ['an entity that is switched off', { queues: { a: { status: 'Disabled' } } }],
  ['a lock that Azure would not hold so long', { queues: { a: { lockDuration: 'PT6M' } } }],
  ['a name that is none', { queues: { '/a': {} } }],
  ['a slash in the name of a subscription', { topics: { t: { subscriptions: { 'a/b': {} } } } }],
  ['names that differ by case only', { queues: { a: {}, A: {} } }],
  ['something that is no object', []],
])('%s is refused', (_, entities) => {
  expect(() => readEntities(entities)).toThrow(/cannot be used\.\nentities/);
});
