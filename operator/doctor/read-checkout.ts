import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Fault } from '../../src/config/faults.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { levels } from '../../src/observability/levels.ts';
import { registry } from '../../src/observability/registry.ts';
import { readQueues } from '../../src/platform/service-bus/queues.ts';
import { CommandRefused } from '../command-refused.ts';
import type { DoctorContext } from './doctor-check.ts';

/** The installed packages by their folders, as npm wrote them down. Throws `CommandRefused`. */
export function readInstalled({ root }: DoctorContext): readonly [folder: string, { version?: string }][] {
  try {
    const text = readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8');
    return Object.entries(JSON.parse(text).packages);
  } catch {
    throw new CommandRefused('npm has installed no packages here: run "npm install"');
  }
}

/** The configuration with all its faults. `config` and `queues` are undefined while they have some. */
export function readConfiguration({ root, env }: Pick<DoctorContext, 'root' | 'env'>) {
  const faults: Fault[] = [];
  const collecting = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(...error.faults);
      return undefined;
    }
  };
  const file = { name: 'observability.json', path: join(root, 'observability.json') };
  const manifests = registry.map(({ manifest }) => manifest);
  const config = collecting(() => loadConfig({ manifests, levels, env, file }));
  const queues = collecting(() => readQueues({ name: 'infra/queues.json', path: join(root, 'infra/queues.json') }));
  return { config, queues, faults };
}

/** The configuration when it has no faults, and the sources that have a handler. Throws `CommandRefused`. */
export function readSound({ ask, businesses }: DoctorContext) {
  const { config, queues } = ask(readConfiguration);
  if (!config || !queues) throw new CommandRefused('the configuration has faults');
  const names = businesses.flatMap(({ handlers = {} }) => Object.keys(handlers));
  return { config, queues, handled: names.flatMap((name) => queues.sources.get(name) ?? []) };
}
