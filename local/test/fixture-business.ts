import { resolve } from 'node:path';
import entities from '../../test/fixture-business/queues.json' with { type: 'json' };
import { openBody } from '../business/contents.ts';
import type { HttpRequest, LocalBusiness } from '../business/local-business.ts';

/** A business that a test runs the service with. */
export interface TestedBusiness extends LocalBusiness {
  /** As in `infra/queues.json`. */
  entities: { queues: Readonly<Record<string, object>>; topics: object };
  /** The queue that its first route fills; empty when none does. */
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
  requests: {
    *sample({ count, runId }) {
      for (let index = 0; index < count; index++)
        yield requestOf(`sample ${index}`, depotOf(index), `${runId}-${index}`);
    },
    *fromFiles(paths, runId) {
      for (const [index, path] of paths.entries()) yield requestOf(path, 'north', `${runId}-${index}`);
    },
    drill: {
      usual: (key, index) => requestOf(key, index % 2 === 0 ? 'north' : 'south', key),
      poison: (key) => requestOf(key, 'nowhere', key),
    },
    follow: {
      queue: 'parcels',
      idInAnswer: (body) => (body as { parcelId?: string } | undefined)?.parcelId,
      idProperty: 'parcel-id',
    },
  },
  preload: [resolve(import.meta.dirname, '../../test/fixture-business/preload.ts')],
};

/** Of ten, one goes to the other depot, one to none, and one to a depot that does not exist. */
const depotOf = (index: number) => ['south', 'nowhere', 'moon'][index % 10] ?? 'north';

const requestOf = (label: string, depot: string, key: string): HttpRequest => ({
  label,
  path: '/parcels',
  headers: { 'content-type': 'application/json', 'idempotency-key': key },
  expectedStatus: depot === 'moon' ? 400 : 202,
  open: async () => openBody({ depot, content: `content of ${label}` }),
});
