import { expect, test } from 'vitest';
import { untilAborted, withDeadline } from '../../src/platform/deadline.ts';

const forever = () => new Promise<never>(() => {});
const late = () => new Error('too late');

test('what is done in time is answered, and what fails in time fails with its own error', async () => {
  const { signal } = new AbortController();
  const error = new Error('its own');
  for (const within of [
    <T>(run: () => Promise<T>) => untilAborted(signal, run),
    <T>(run: () => Promise<T>) => withDeadline(60_000, run, late),
  ]) {
    expect(await within(async () => 'done')).toBe('done');
    await expect(within(() => Promise.reject(error))).rejects.toBe(error);
  }
});

test('what ignores its signal is left behind with the reason of the abort', async () => {
  const controller = new AbortController();
  const left = untilAborted(controller.signal, forever);
  const reason = new Error('stopping');
  controller.abort(reason);
  await expect(left).rejects.toBe(reason);
});

test('nothing begins after the abort', async () => {
  let begun = false;
  const run = async () => {
    begun = true;
  };
  await expect(untilAborted(AbortSignal.abort(new Error('stopped')), run)).rejects.toThrow('stopped');
  expect(begun).toBe(false);
});

test('a deadline holds whatever runs, which is told by its signal', async () => {
  let told: AbortSignal | undefined;
  const run = (signal: AbortSignal) => {
    told = signal;
    return forever();
  };
  await expect(withDeadline(5, run, late)).rejects.toThrow('too late');
  expect(told?.aborted).toBe(true);
});

test('a signal that lives longer keeps no listener, and a deadline no timer', async () => {
  const { signal } = new AbortController();
  const listeners = { added: 0, removed: 0 };
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    listeners.added += 1;
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    listeners.removed += 1;
    removeEventListener.apply(signal, given);
  };
  await untilAborted(signal, async () => {});
  expect(listeners).toEqual({ added: 1, removed: 1 });

  let told: AbortSignal | undefined;
  const run = async (given: AbortSignal) => {
    told = given;
  };
  await withDeadline(5, run, late);
  await new Promise((resolve) => setTimeout(resolve, 20)); // four times the deadline
  expect(told?.aborted).toBe(false);
});
