import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Settings } from './read-settings.ts';

export interface ServiceIdentity {
  name: string;
  version: string;
  /** Tells replicas apart; on Container Apps the host name is the replica's name. */
  instance: string;
}

/** The nearest package.json upwards: the same file from source and from `dist/`. Throws when there is none. */
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
