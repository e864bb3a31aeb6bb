import { resolve } from 'node:path';
import entities from '../../infra/queues.json' with { type: 'json' };
import { localBusinesses } from '../business/index.ts';
import { readLocalSetup } from '../business/local-setup.ts';
import type { TestedBusiness } from './fixture-business.ts';

/** The businesses in `src/business` as `npm start` runs them: nothing is put in the place of the real list. */
export async function ownBusinesses(): Promise<TestedBusiness> {
  const { destinations, variables } = await readLocalSetup(resolve(import.meta.dirname, '../..'), localBusinesses);
  const [queue = ''] = Object.keys(entities.queues);
  return { name: 'own', entities, queue, destinations: destinations(), variables, preload: [] };
}
