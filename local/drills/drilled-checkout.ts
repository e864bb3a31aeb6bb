import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedEntities } from '../alerts/index.ts';
import { localBusinesses } from '../business/index.ts';
import type { LocalBusiness } from '../business/local-business.ts';
import { readLocalSetup } from '../business/local-setup.ts';
import { queuesFile } from '../cli/start/queues-file.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { Destinations } from '../destination/index.ts';

/** What a drill runs: the service of one checkout with its businesses. */
export interface DrilledCheckout {
  root: string;
  /** The business that the load is sent to. */
  business: LocalBusiness;
  /** The content of `infra/queues.json`. */
  entities: DeployedEntities;
  destinations: Destinations;
  variables: NonNullable<LocalBusiness['variables']>;
  /** What the service loads before everything else: nothing, but in tests. */
  preload: readonly string[];
}

/** The checkout as `npm start` runs it. Throws `UsageError` when none of its businesses has requests to send. */
export async function readDrilledCheckout(root: string): Promise<DrilledCheckout> {
  const setup = await readLocalSetup(root, localBusinesses);
  const business = setup.businesses.find(({ requests }) => requests !== undefined);
  if (!business)
    throw new UsageError(
      'No business in local/business/index.ts describes requests, so that a drill has no load to send: add "requests" to one of them.',
    );
  const entities = JSON.parse(readFileSync(join(root, queuesFile), 'utf8').replace(/^\uFEFF/, '')) as DeployedEntities;
  return { root, business, entities, destinations: setup.destinations(), variables: setup.variables, preload: [] };
}
