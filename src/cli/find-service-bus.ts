import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { CommandSettings } from '../config/command-settings.ts';
import { type ServiceBusConnection, settingRows } from '../config/settings.ts';
import { findQueuesFile } from '../platform/service-bus/queues.ts';
import { UsageError } from './usage-error.ts';

interface FindOptions {
  settings: Pick<CommandSettings, 'serviceBus'>;
  /** `--run`: the run file of the local stand-ins. */
  run?: string | undefined;
  /** `--namespace`: in Azure; the first part of the name is enough. */
  namespace?: string | undefined;
  /** The checkout that holds `.local/run.json`. */
  root?: string;
}

/** What `npm start` publishes, as far as it is needed here. */
const runFile = z.object({ version: z.literal(1), pid: z.int().positive(), serviceBus: z.string().min(1) });

/**
 * Which Service Bus is meant: the options, then the variables of the service, then what `npm start` runs in this
 * checkout. Throws `UsageError` when there is none.
 */
export function findServiceBus({ settings, run, namespace, root = checkout() }: FindOptions): ServiceBusConnection {
  if (run !== undefined && namespace !== undefined) {
    throw new UsageError('Give --run (on this machine) or --namespace (in Azure), not both.');
  }
  if (namespace !== undefined) return { kind: 'namespace', namespace: fullName(namespace) };
  if (run !== undefined) return readRun(run);
  return settings.serviceBus ?? readRun(join(root, '.local', 'run.json'));
}

const checkout = () => dirname(dirname(findQueuesFile()));

function fullName(namespace: string): string {
  const name = namespace.includes('.') ? namespace : `${namespace}.servicebus.windows.net`;
  if (settingRows.SERVICEBUS_NAMESPACE.schema.safeParse(name).success) return name;
  throw new UsageError('--namespace is no name of a Service Bus namespace, such as orders.servicebus.windows.net.');
}

function readRun(file: string): ServiceBusConnection {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(
      `Nothing is running here (${file} cannot be read): run "npm start" first, or name a namespace in Azure with --namespace.`,
      { cause },
    );
  }
  const { data } = runFile.safeParse(parse(text));
  if (!data) throw new UsageError(`${file} does not hold a run of this version: run "npm start" again.`);
  if (!isAlive(data.pid)) throw new UsageError(`${file} is stale, its process is gone: run "npm start" first.`);
  return { kind: 'connection-string', connectionString: data.serviceBus };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, and another user's
  }
}
