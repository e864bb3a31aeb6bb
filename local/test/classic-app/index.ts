import type { Business } from '../../../src/platform/business.ts';
import { quoteRoutes } from './quote-routes.ts';

export const businesses: readonly Business[] = [{ name: 'quotes', routes: quoteRoutes }];
