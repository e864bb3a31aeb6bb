import { fixtureBusiness } from './fixture-business.ts';

/** What the commands find in the place of `local/business/index.ts` when `fixture-list.preload.ts` is loaded. */
export const localBusinesses = [fixtureBusiness];
