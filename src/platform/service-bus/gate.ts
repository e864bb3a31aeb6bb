import { untilAborted } from '../deadline.ts';
import type { Logger } from '../log.ts';
import type { Delivery } from '../messaging.ts';

/** Decides how many slots of a consumer may receive: all while it is open, none while it is paused, one for a probe. */
export interface Gate {
  /** With these functions the middlewares of a delivery pause and resume the consumer. */
  consumer: Delivery['consumer'];
  /** Resolves when a slot may receive. `probing`: it receives a probe. Throws the signal's reason when that aborts. */
  enter(signal: AbortSignal): Promise<{ probing: boolean }>;
}

interface GateOptions {
  source: string;
  log: Logger;
  /** Ends the receives that are waiting for a message. */
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
