import { businesses } from './business/index.ts';
import { readBusinessSettings } from './config/business-settings.ts';

/** The variables of the businesses, read once a process. The import throws `ConfigError` with all faults together. */
export const ownSettings = readBusinessSettings(businesses);
