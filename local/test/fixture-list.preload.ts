import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loaded into a command (`node --import`): it gives the service of a test what its business needs, whatever is listed. */
const list = pathToFileURL(join(import.meta.dirname, '../business/index.ts')).href;
const ownList = pathToFileURL(join(import.meta.dirname, 'fixture-list.ts')).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    return found.url === list ? { ...found, url: ownList } : found;
  },
});
