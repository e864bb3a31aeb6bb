import { untilAborted } from '../deadline.ts';
import type { Logger } from '../log.ts';
import type { Delivery } from '../messaging.ts';

export type Gate = ReturnType<typeof createGate>;

const unlimited = Number.POSITIVE_INFINITY;

/**
 * Decides how many slots of a consumer may receive: all while it is open, none while it is paused, one for a probe.
 * `interrupt` ends the receives that are waiting for a message.
 */
export function createGate(source: string, log: Logger, interrupt: () => void) {
  let permits = unlimited; // for receives; finite while the consumer is paused
  let changed = Promise.withResolvers<void>();
  const isPaused = () => permits < unlimited;
  const permit = (receives: number) => {
    permits = receives;
    changed.resolve();
    changed = Promise.withResolvers();
  };
  /** With these functions the middlewares of a delivery pause and resume the consumer. */
  const consumer: Delivery['consumer'] = {
    pause(why) {
      if (isPaused()) return;
      permit(0);
      log.warning('consumer paused', { source, why });
      interrupt();
    },
    probe() {
      if (isPaused()) permit(1);
    },
    resume() {
      if (!isPaused()) return;
      permit(unlimited);
      log.info('consumer resumed', { source });
    },
  };
  return {
    consumer,
    /** Resolves when a slot may receive. `probing`: it receives a probe. Throws the signal's reason when that aborts. */
    async enter(signal: AbortSignal) {
      while (permits === 0) await untilAborted(signal, () => changed.promise);
      signal.throwIfAborted();
      permits -= 1;
      return { probing: isPaused() };
    },
  };
}
