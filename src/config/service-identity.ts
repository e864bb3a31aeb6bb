import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { hostname } from 'node:os';
import type { Settings } from './read-settings.ts';

/** The name and version of the service; `instance` is the host name, which on Container Apps names the replica. */
export function identifyService({ serviceName }: Pick<Settings, 'serviceName'>) {
  // The package.json of the project is the same file for source and for `dist/`.
  const path = findPackageJSON('..', import.meta.url) ?? 'package.json';
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return { name: serviceName, version, instance: hostname() };
}
