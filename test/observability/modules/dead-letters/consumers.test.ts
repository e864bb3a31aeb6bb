import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBreakers } from '../../../../src/observability/modules/dead-letters/breakers.ts';
import { createConsumers } from '../../../../src/observability/modules/dead-letters/consumers.ts';
import { PermanentError, TransientError } from '../../../../src/platform/errors.ts';
import type { Delivery, Settlement } from '../../../../src/platform/messaging.ts';
import { recordingLog } from '../../../platform/service-bus/recording-log.ts';
import { received } from './received.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const complete: Settlement = { kind: 'complete' };
const down = async () => {
  throw new TransientError('503');
};
const hangs = () => new Promise<never>(() => {});

function start() {
  const { log } = recordingLog();
  const breakers = createBreakers({ log, probe: { firstMs: 10_000, factor: 1, capMs: 10_000 } });
  const { receive, call } = createConsumers(breakers, 50);
  let handled = 0;
  const control = { pause: vi.fn(), probe: vi.fn(), resume: vi.fn() };
  const source = { name: 'parcels', queue: 'parcels', lockDurationMs: 60_000, maxDeliveryCount: 10 };
  const handle = (handler: () => Promise<unknown>, signal = new AbortController().signal) => {
    const message = received({ messageId: `m${handled++}` });
    const delivery: Delivery = { message, source, handles: source.name, signal, consumer: control };
    return receive(delivery, async () => {
      await handler();
      return complete;
    }).catch((error: unknown) => error);
  };
  const open = async (dependency: string) => {
    for (let n = 0; n < 5; n += 1) await handle(() => call(dependency, down));
  };
  return { breakers, call, control, handle, open };
}

test('a dependency that no message needs any more does not let the others of a paused consumer through', async () => {
  const { call, control, handle, open } = start();
  await open('gone');
  await open('down');
  expect(control.pause).toHaveBeenCalled();
  for (let second = 0; second < 90; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    await handle(() => call('down', down));
  }
  control.probe.mockClear();
  await handle(() => call('down', down));
  await vi.advanceTimersByTimeAsync(100);
  expect(control.probe).not.toHaveBeenCalled();
});

test('a call that begins after its handler was given up says nothing against its dependency', async () => {
  const { breakers, call, handle } = start();
  const run = vi.fn(async () => {});
  for (let n = 0; n < 6; n += 1)
    await handle(() => call('fallback', run), AbortSignal.abort(new TransientError('late')));
  expect(run).not.toHaveBeenCalled();
  expect(breakers.open()).toEqual([]);
});

test('a call that its handler did not wait for ends with it, and does not keep the place of another', async () => {
  const { breakers, call, handle } = start();
  await handle(() => call('other', async () => {}));
  const impatient = () => Promise.race([call('hangs', hangs), Promise.reject(new Error())]);
  for (let n = 0; n < 20; n += 1) {
    await handle(impatient);
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(breakers.open()).toEqual(['hangs']);
  await vi.advanceTimersByTimeAsync(10_000);
  await handle(impatient); // the probe
  await vi.advanceTimersByTimeAsync(10_000);
  const run = vi.fn(async () => {});
  await handle(() => call('hangs', run));
  expect(run).toHaveBeenCalled();
});

test('a dependency is not blamed for another one that its call needs', async () => {
  const { breakers, call, handle, open } = start();
  await open('identity');
  const run = vi.fn(async () => {});
  for (let n = 0; n < 6; n += 1) await handle(() => call('destination', () => call('identity', run)));
  expect(run).not.toHaveBeenCalled();
  expect(breakers.open()).toEqual(['identity']);
});

test('of two calls that race the one that was not needed says nothing against its dependency', async () => {
  const { breakers, call, handle } = start();
  const slow = () => call('second', hangs);
  for (let n = 0; n < 30; n += 1) {
    await handle(() => Promise.race([call('first', async () => {}), slow()]));
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(breakers.open()).toEqual([]);
});

test('what a handler leaves running makes its later calls all the same', async () => {
  const { call, handle } = start();
  const handled = Promise.withResolvers<void>();
  let left: Promise<string> | undefined;
  await handle(async () => {
    left = handled.promise.then(() => call('second', async () => 'called'));
  });
  handled.resolve();
  expect(await left).toBe('called');
});

test.each([
  ['for good', new PermanentError('NotFound', '404')],
  ['for now', new TransientError('503')],
])('of a fan-out the call that is still running is not blamed for another one that failed %s', async (_how, error) => {
  const { breakers, call, handle } = start();
  const fails = async () => {
    throw error;
  };
  for (let n = 0; n < 4; n += 1) {
    await handle(() => Promise.all([call('crm', fails), call('storage', hangs)]));
    await handle(() => Promise.all([call('storage', hangs), Promise.reject(error).catch(() => call('crm', fails))]));
  }
  await vi.advanceTimersByTimeAsync(0);
  expect(breakers.open()).not.toContain('storage');
});

test('a probe whose handler failed for another reason proves nothing: the next message tries again at once', async () => {
  const { breakers, call, handle, open } = start();
  await open('storage');
  await vi.advanceTimersByTimeAsync(10_000);
  await handle(() => Promise.all([call('storage', hangs), Promise.reject(new PermanentError('NotFound', '404'))]));
  await vi.advanceTimersByTimeAsync(0);
  expect(breakers.open()).toEqual(['storage']);
  const run = vi.fn(async () => {});
  await handle(() => call('storage', run));
  expect(run).toHaveBeenCalled();
  expect(breakers.open()).toEqual([]);
});

test('a call that outlives its handler and hangs as the probe ends by a deadline of its own', async () => {
  const { breakers, call, handle, open } = start();
  const ended = Promise.withResolvers<void>();
  let left: Promise<unknown> | undefined;
  await handle(async () => {
    left = ended.promise.then(() => call('b', hangs)).catch((error: unknown) => error);
  });
  await open('b');
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers(); // the deadline is an AbortSignal.timeout, which fake timers do not move
  vi.setSystemTime(Date.now() + 3_600_000);
  ended.resolve();
  expect(await left).toMatchObject({ name: 'DependencyUnavailable' });
  expect(breakers.metBy('parcels', { paused: true }).some((breaker) => breaker.isProbing())).toBe(false);
});
