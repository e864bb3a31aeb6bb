import { createCredential } from '../../../platform/credential.ts';
import type { SetUp } from '../../module.ts';
import type { manifest } from './manifest.ts';
import { createQueueCounts } from './queue-counts.ts';
import { createQueueInstruments } from './queue-instruments.ts';
import { startQueueReader } from './queue-reader.ts';

/** Measures the sources that this process receives from. A process that receives nothing has no metrics of queues. */
export const setUp: SetUp<typeof manifest> = ({ settings, variables, credential, clock, log }) => {
  const { start, show, measure } = createQueueInstruments(clock);

  return {
    around: [measure],
    async start({ messaging }) {
      const { serviceBus } = settings;
      if (!messaging || !serviceBus || messaging.sources.length === 0) return;
      start(messaging);
      const { QUEUE_READER_CLIENT_ID: id } = variables;
      const reader = id ? await createCredential(id) : credential;
      const readCounts = createQueueCounts(serviceBus, variables.SERVICEBUS_ADMIN_URL, reader);
      startQueueReader({ messaging, readCounts, show, clock, log });
    },
  };
};
