import { businesses } from './business/index.ts';
import { readBusinessSettings } from './config/business-settings.ts';

/** The variables of the businesses, read once for each process. The import throws `ConfigError` with all faults. */
export const ownSettings = readBusinessSettings(businesses);
