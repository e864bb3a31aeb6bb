import { fileRouter } from './file-router/index.ts';
import type { LocalBusiness } from './local-business.ts';

/** What `npm start` sets for each business, and what `npm run send` sends to it. It may be empty. */
export const localBusinesses: readonly LocalBusiness[] = [fileRouter];
