import type { SetUp } from '../../module.ts';
import type { manifest } from './manifest.ts';
import { createQueueCounts } from './queue-counts.ts';
import { createQueueInstruments } from './queue-instruments.ts';
import { startQueueReader } from './queue-reader.ts';

/** Measures the sources that this process receives from. A process that receives nothing has no metrics of queues. */
export const setUp: SetUp<typeof manifest> = ({ settings, credential, clock, log }) => {
  let instruments: ReturnType<typeof createQueueInstruments> | undefined;

  return {
    around: [
      async function measureDelivery(delivery, next) {
        if (!instruments) return next();
        return instruments.measure(delivery, next);
      },
    ],
    async start({ messaging }) {
      const { serviceBus } = settings;
      if (!messaging || !serviceBus || messaging.sources.length === 0) return;
      // Not earlier: an instrument that is made before the SDK starts never begins to work.
      instruments = createQueueInstruments(messaging, clock);
      const readCounts = await createQueueCounts(serviceBus, settings, credential);
      startQueueReader({ messaging, readCounts, show: instruments.show, clock, log });
    },
  };
};
