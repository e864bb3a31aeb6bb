import { afterEach, expect, test, vi } from 'vitest';
import { createBreakers } from '../../../../src/observability/modules/dead-letters/breakers.ts';
import { DependencyUnavailable } from '../../../../src/observability/modules/dead-letters/dependency-unavailable.ts';
import { TransientError } from '../../../../src/platform/errors.ts';
import { recordingLog } from '../../../platform/service-bus/recording-log.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a dependency that no message needs any more does not leave the service degraded for ever', async () => {
  vi.useFakeTimers({ now: 0 });
  const probe = { firstMs: 600_000, factor: 1, capMs: 600_000 };
  const { call, open, probeAt } = createBreakers({ log: recordingLog().log, probe });
  const refuse = async () => {
    throw new TransientError('503');
  };
  for (let n = 0; n < 5; n += 1) await call('gone', refuse).catch(() => {});
  vi.setSystemTime(probeAt('gone') + 59_000);
  expect(open()).toEqual(['gone']);
  vi.setSystemTime(probeAt('gone') + 61_000);
  expect(open()).toEqual([]);
});

test('messages come back soon after the time that a dependency asked for, not after twice that time', async () => {
  const { call, probeAt } = createBreakers({
    log: recordingLog().log,
    probe: { firstMs: 1_000, factor: 2, capMs: 15_000 },
  });
  const refuse = async () => {
    throw new TransientError('429', { retryAfterMs: 3_600_000 });
  };
  for (let n = 0; n < 5; n += 1) await call('d', refuse).catch(() => {});
  for (let n = 0; n < 100; n += 1) {
    const error = await call('d', async () => {}).catch((thrown: unknown) => thrown);
    if (!(error instanceof DependencyUnavailable)) throw new Error('It was called.');
    expect(error.until.getTime() - probeAt('d')).toBeLessThanOrEqual(15_000);
  }
});
