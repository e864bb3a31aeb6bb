import fs from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Loaded into the service (`node --import`) before anything else: in the place of the list of businesses and of
 * `infra/queues.json` it finds those of this folder, or of the one that `FIXTURE_FOLDER` names. So the service itself has
 * no way to be told.
 */
const root = resolve(import.meta.dirname, '../..');
const list = pathToFileURL(join(root, 'src/business/index.ts')).href;
const folder = process.env.FIXTURE_FOLDER ?? import.meta.dirname;
const ownList = pathToFileURL(join(folder, 'index.ts')).href;
const queues = join(root, 'infra/queues.json');
/** A test with a broker of its own names its own file. */
const ownQueues = process.env.FIXTURE_QUEUES ?? join(folder, 'queues.json');

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    return found.url === list ? { ...found, url: ownList } : found;
  },
});

const { readFileSync } = fs;
fs.readFileSync = ((path: fs.PathOrFileDescriptor, ...options: []) =>
  readFileSync(path === queues ? ownQueues : path, ...options)) as typeof readFileSync;
syncBuiltinESMExports();
