import { setTimeout as wait } from 'node:timers/promises';

/** Does something again and again, at once and then every so many milliseconds, until the signal aborts. */
export async function repeatEvery(
  ms: number,
  signal: AbortSignal,
  step: (turn: number) => Promise<void> | void,
): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    await step(turn);
    await wait(ms, undefined, { signal }).catch(() => undefined);
  }
}
