import { expect, onTestFinished, test, vi } from 'vitest';
import { everyWholeMinute } from './whole-minutes.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22) + seconds * 1_000);

/** A clock that the test turns, from half a minute after midnight on. */
function watch(run: (minute: Date) => Promise<void> = async () => undefined) {
  vi.useFakeTimers({ now: at(30), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const minutes: Date[] = [];
  const end = everyWholeMinute(async (minute) => {
    minutes.push(minute);
    await run(minute);
  });
  return { minutes, end, pass: (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000) };
}

test('the first is the second whole minute, then each, and none after the end', async () => {
  const { minutes, end, pass } = watch();
  await pass(89.999);
  expect(minutes).toEqual([]);
  await pass(0.001);
  expect(minutes).toEqual([at(120)]);
  await pass(120);
  await end();
  await pass(600);
  expect(minutes).toEqual([at(120), at(180), at(240)]);
});

test('a minute that comes while the last is at work is left out, and the end waits for that work', async () => {
  const busy = Promise.withResolvers<void>();
  const { minutes, end, pass } = watch(() => busy.promise);
  await pass(240);
  expect(minutes).toEqual([at(120)]);
  let ended = false;
  const ending = end().then(() => {
    ended = true;
  });
  await pass(1);
  expect(ended).toBe(false);
  busy.resolve();
  await ending;
  await pass(600);
  expect(minutes).toEqual([at(120)]);
});
