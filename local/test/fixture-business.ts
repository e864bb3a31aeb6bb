import { resolve } from 'node:path';
import entities from '../../test/fixture-business/queues.json' with { type: 'json' };
import type { LocalBusiness } from '../business/local-business.ts';

/** A business that a test runs the service with. */
export interface TestedBusiness extends LocalBusiness {
  /** As in `infra/queues.json`. */
  entities: { queues: Readonly<Record<string, object>>; topics: object };
  /** The queue that its first route fills. */
  queue: string;
  /** What the service loads before anything else to find this business; nothing for those in `src/business`. */
  preload: readonly string[];
}

/** The business of `test/fixture-business`, with its depots and the systems that its subscriptions tell. */
export const fixtureBusiness: TestedBusiness = {
  name: 'parcels',
  entities,
  queue: 'parcels',
  destinations: { north: {}, south: {}, billing: {}, tracking: {} },
  variables: ({ destination }) => ({ PARCELS_DEPOT_URL: destination }),
  preload: [resolve(import.meta.dirname, '../../test/fixture-business/preload.ts')],
};
