import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { hostname } from 'node:os';
import type { Settings } from './read-settings.ts';

/** The name and version of the service; `instance` is the host name, which on Container Apps names the replica. */
export const identifyService = ({ serviceName }: Pick<Settings, 'serviceName'>) => ({
  name: serviceName,
  version: readVersion(),
  instance: hostname(),
});

/** From the package.json of the project, the same file for source and `dist/`. */
function readVersion(): string {
  const path = findPackageJSON('..', import.meta.url);
  return JSON.parse(readFileSync(path ?? 'package.json', 'utf8')).version;
}
