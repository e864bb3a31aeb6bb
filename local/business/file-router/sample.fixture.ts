import type { TestedBusiness } from '../../test/fixture-business.ts';
import { ownBusinesses } from '../../test/own-businesses.ts';

/** The sample as a test runs the service with it: nothing is put in the place of the real list. */
export const sample: TestedBusiness = { ...(await ownBusinesses()), queue: 'files' };
