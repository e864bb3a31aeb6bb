import { join } from 'node:path';
import { fixtureBusiness } from '../test/fixture-business.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';

const { entities, destinations = {}, variables = () => ({}), preload } = fixtureBusiness;

/** This checkout with the business of the tests. */
export const fixtureCheckout: DrilledCheckout = {
  root: join(import.meta.dirname, '../..'),
  business: fixtureBusiness,
  entities: entities as DrilledCheckout['entities'],
  destinations: typeof destinations === 'function' ? {} : destinations,
  variables,
  preload,
};
