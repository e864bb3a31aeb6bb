import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Loaded into the service: its list of businesses is that of the checkout (or of a test, whose hook runs before this one)
 * and the business of the drill.
 */
const list = /\/business\/index\.ts$|\/fixture-business\/index\.ts$/;
const withJob = pathToFileURL(join(import.meta.dirname, 'businesses-with-job.ts')).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    const isList = list.test(found.url) && !context.parentURL?.startsWith(withJob);
    return isList ? { ...found, url: `${withJob}?list=${encodeURIComponent(found.url)}` } : found;
  },
});
