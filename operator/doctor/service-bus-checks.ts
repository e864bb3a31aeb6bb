import { followCanaries } from './canary.ts';
import { compareQueues } from './compare-queues.ts';
import type { Check } from './doctor-check.ts';
import { openEntities } from './open-entities.ts';

const entities: Check = {
  codes: ['service-bus-unreachable', 'service-bus-forbidden', 'queue-missing'],
  async run({ ask }) {
    const { found, reachable } = await ask(openEntities);
    return reachable
      ? { 'service-bus-unreachable': [], 'service-bus-forbidden': [], 'queue-missing': [], ...found }
      : found;
  },
};

/** Checks of the broker and its entities. */
export const serviceBusChecks: readonly Check[] = [
  entities,
  { codes: ['queue-lock-differs', 'queue-settings-differ'], run: compareQueues },
  { codes: ['message-not-completed'], run: followCanaries },
];
