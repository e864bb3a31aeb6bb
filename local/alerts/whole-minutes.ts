import { MINUTE_MS } from './iso-minutes.ts';

/**
 * Calls `run` at every whole minute with that minute, one call after the other; answers what ends that and waits for the last.
 * The first is a minute away, so that what has just started has said something; one that came while `run` was still at work,
 * or while the machine slept, is left out.
 */
export function everyWholeMinute(run: (minute: Date) => Promise<void>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let ended = false;
  const wait = (further: number) => {
    if (!ended) timer = setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS) + further).unref();
  };
  const tick = () => {
    const minute = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
    running = run(minute).finally(() => wait(0));
  };
  wait(MINUTE_MS);
  return async () => {
    ended = true;
    clearTimeout(timer);
    await running;
  };
}
