import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Settings } from './read-settings.ts';

export interface ServiceIdentity {
  name: string;
  version: string;
  /** Identifies the replica; on Container Apps the host name is the replica's name. */
  instance: string;
}

/**
 * The version in the nearest package.json of a parent folder: the same file for source and `dist/`. Throws when there
 * is none.
 */
function readVersion(folder: string): string {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch (error) {
    const parent = dirname(folder);
    if (parent === folder) throw error;
    return readVersion(parent);
  }
}

export const identifyService = ({ serviceName }: Pick<Settings, 'serviceName'>): ServiceIdentity => ({
  name: serviceName,
  version: readVersion(import.meta.dirname),
  instance: hostname(),
});
