import { dirname } from 'node:path';
import type { CommandSettings } from '../config/command-settings.ts';
import { type ServiceBusConnection, settingRows } from '../config/settings.ts';
import { findQueuesFile } from '../platform/service-bus/queues.ts';
import { requireRun } from './run-file/require-run.ts';
import type { Run } from './run-file/run.ts';
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

export interface FoundServiceBus {
  connection: ServiceBusConnection;
  /** What `npm start` runs, if it is that. */
  run: Run | undefined;
}

/**
 * Which Service Bus is meant: the options, then the variables of the service, then what `npm start` runs in this
 * checkout. Throws `UsageError` when there is none.
 */
export async function findServiceBus(options: FindOptions): Promise<FoundServiceBus> {
  const { settings, run: file, namespace, root = checkout() } = options;
  if (file !== undefined && namespace !== undefined) {
    throw new UsageError('Give --run (on this machine) or --namespace (in Azure), not both.');
  }
  const named: ServiceBusConnection | undefined =
    namespace === undefined ? settings.serviceBus : { kind: 'namespace', namespace: fullName(namespace) };
  if (named && file === undefined) return { connection: named, run: undefined };
  const run = await requireRun({ root, file, otherwise: ', or name a namespace in Azure with --namespace' });
  return { connection: { kind: 'connection-string', connectionString: run.serviceBus }, run };
}

const checkout = () => dirname(dirname(findQueuesFile()));

function fullName(namespace: string): string {
  const name = namespace.includes('.') ? namespace : `${namespace}.servicebus.windows.net`;
  if (settingRows.SERVICEBUS_NAMESPACE.schema.safeParse(name).success) return name;
  throw new UsageError('--namespace is no name of a Service Bus namespace, such as orders.servicebus.windows.net.');
}
