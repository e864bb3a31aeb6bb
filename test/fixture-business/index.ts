import type { Business } from '../../src/platform/business.ts';
import { createParcels } from './parcels.ts';

/** What the service runs in tests of everything but the businesses; `preload.ts` puts it in the place of the real list. */
export const businesses: readonly Business[] = [createParcels()];
