import type { SetUp } from '../../module.ts';
import type { manifest } from './manifest.ts';
import { createQueueCounts } from './queue-counts.ts';
import { createQueueInstruments } from './queue-instruments.ts';
import { startQueueReader } from './queue-reader.ts';

/** Measures the sources that this process receives from. A process that receives nothing has no metrics of queues. */
export const setUp: SetUp<typeof manifest> = ({ settings, credential, clock, log }) => {
  const { start, show, measure } = createQueueInstruments(clock);

  return {
    around: [measure],
    async start({ messaging }) {
      const { serviceBus } = settings;
      if (!messaging || !serviceBus || messaging.sources.length === 0) return;
      start(messaging);
      const readCounts = await createQueueCounts(serviceBus, settings, credential);
      startQueueReader({ messaging, readCounts, show, clock, log });
    },
  };
};
