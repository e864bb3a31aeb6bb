import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBreakers } from '../../../../src/observability/modules/dead-letters/breakers.ts';
import { DependencyUnavailable } from '../../../../src/observability/modules/dead-letters/failure-table.ts';
import { TransientError } from '../../../../src/platform/errors.ts';
import { recordingLog } from '../../../platform/service-bus/recording-log.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const answer503 = async () => {
  throw new TransientError('503');
};
const refuseConnection = async () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  throw new TransientError('The destination cannot be reached.', { cause });
};

function start(probe = { firstMs: 1_000, factor: 2, capMs: 15_000 }) {
  const { log, messages } = recordingLog();
  const breakers = createBreakers({ log, probe });
  const call = (dependency: string, message: string, run: () => Promise<unknown>) =>
    breakers
      .call(dependency, { source: 'parcels', message, signal: new AbortController().signal }, run)
      .catch((error: unknown) => error);
  /** Five failures of five messages. */
  const open = async (dependency: string, run: () => Promise<unknown> = answer503) => {
    for (let n = 0; n < 5; n += 1) await call(dependency, `m${n}`, run);
  };
  const probeAt = () => breakers.metBy('parcels', { paused: true })[0]?.probeAt() ?? Number.NaN;
  return { breakers, call, open, probeAt, messages };
}

test('one message alone never opens a breaker, a second one does', async () => {
  const { breakers, call } = start();
  for (let n = 0; n < 30; n += 1) await call('d', 'poison', answer503);
  expect(breakers.open()).toEqual([]);
  await call('d', 'other', answer503);
  expect(breakers.open()).toEqual(['d']);
});

test('a few failures, or a minority of them, open nothing', async () => {
  const { breakers, call } = start();
  for (let n = 0; n < 4; n += 1) await call('few', `m${n}`, answer503);
  for (let n = 0; n < 20; n += 1) await call('minority', `m${n}`, n % 2 === 0 ? async () => {} : answer503);
  expect(breakers.open()).toEqual([]);
  await call('few', 'm4', answer503);
  expect(breakers.open()).toEqual(['few']);
});

test('a probe that was answered gives the answer, so that its message can end; silence never does', async () => {
  const { call, open, probeAt } = start();
  await open('d');
  vi.setSystemTime(probeAt());
  const answered = await call('d', 'm', answer503);
  expect(answered).toMatchObject({ name: 'TransientError', message: '503' });
  vi.setSystemTime(probeAt());
  const silent = await call('d', 'm', refuseConnection);
  expect(silent).toBeInstanceOf(DependencyUnavailable);
  expect(silent).toMatchObject({ until: new Date(probeAt()) });
});

test('a probe that its deadline ended had no answer', async () => {
  const { breakers, open, probeAt } = start();
  await open('d');
  vi.setSystemTime(probeAt());
  const deadline = new AbortController();
  const probe = breakers.call('d', { message: 'm', signal: deadline.signal }, () => new Promise(() => {}));
  deadline.abort(new TransientError('The handler did not end.'));
  await expect(probe).rejects.toBeInstanceOf(DependencyUnavailable);
});

test('a dependency that no message needs any more does not leave the service degraded for ever', async () => {
  const { breakers, open, probeAt } = start({ firstMs: 600_000, factor: 1, capMs: 600_000 });
  await open('gone');
  vi.setSystemTime(probeAt() + 59_000);
  expect(breakers.open()).toEqual(['gone']);
  vi.setSystemTime(probeAt() + 61_000);
  expect(breakers.open()).toEqual([]);
});

test('messages come back soon after the time that a dependency asked for, not after twice that time', async () => {
  const { call, open, probeAt } = start();
  await open('d', async () => {
    throw new TransientError('429', { retryAfterMs: 3_600_000 });
  });
  for (let n = 0; n < 100; n += 1) {
    const error = await call('d', 'm', async () => {});
    if (!(error instanceof DependencyUnavailable)) throw new Error('It was called.');
    expect(error.until.getTime() - probeAt()).toBeLessThanOrEqual(15_000);
  }
});

test('of thousands of names the last hundred are remembered', async () => {
  const { breakers, call, open } = start();
  await open('first');
  for (let n = 0; n < 5_000; n += 1) await call(`https://example.com/parcels/${n}`, 'm', async () => {});
  expect(breakers.metBy('parcels', { paused: false })).toHaveLength(100);
  expect(breakers.open()).toEqual([]);
});
