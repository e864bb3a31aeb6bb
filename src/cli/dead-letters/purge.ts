import type { MessageSource } from '../../platform/messaging.ts';
import type { Audit } from './audit.ts';
import type { Bus } from './bus.ts';
import { readDeadLetter } from './dead-letter.ts';
import { createRate } from './rate.ts';
import { batchFor, complete, lockHasEnded } from './replay.ts';
import type { Worker } from './work-off.ts';

interface PurgeOptions {
  bus: Bus;
  source: MessageSource;
  audit: Audit;
  perSecond: number | undefined;
}

/** Deletes for good. The audit line comes first: one too many is better than one that is missing. */
export function createPurge({ bus, source, audit, perSecond }: PurgeOptions): Worker {
  const turn = createRate(perSecond);
  return {
    batch: batchFor(source, perSecond),
    async take(message, receiver) {
      await turn();
      if (lockHasEnded(message)) return 'again';
      audit('purge', readDeadLetter(source, message), message);
      return (await complete(bus, source, message, receiver)) ? 'done' : 'again';
    },
  };
}
