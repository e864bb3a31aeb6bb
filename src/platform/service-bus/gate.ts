import { untilAborted } from '../deadline.ts';
import type { Logger } from '../log.ts';
import type { Delivery } from '../messaging.ts';

/** Decides how many slots may receive: all while it is open, none while it is paused, one for a probe. */
export interface Gate {
  /** What a delivery's middlewares can do to it. */
  consumer: Delivery['consumer'];
  /** Resolves when a slot may receive, with whether it receives the probe. Throws the signal's reason once it aborts. */
  enter(signal: AbortSignal): Promise<{ probing: boolean }>;
}

interface GateOptions {
  source: string;
  log: Logger;
  /** Takes back the receives that wait already. */
  interrupt(): void;
}

export function createGate({ source, log, interrupt }: GateOptions): Gate {
  let paused = false;
  let admitsOne = false;
  let change = Promise.withResolvers<void>();
  const changed = () => {
    change.resolve();
    change = Promise.withResolvers();
  };

  return {
    consumer: {
      pause(why) {
        if (paused) return;
        paused = true;
        log.warning('consumer paused', { source, why });
        interrupt();
      },
      probe() {
        admitsOne = paused;
        changed();
      },
      resume() {
        if (!paused) return;
        paused = false;
        admitsOne = false;
        changed();
        log.info('consumer resumed', { source });
      },
    },
    async enter(signal) {
      while (paused && !admitsOne) await untilAborted(signal, () => change.promise);
      signal.throwIfAborted();
      admitsOne = false;
      return { probing: paused };
    },
  };
}
