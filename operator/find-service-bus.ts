import { dirname } from 'node:path';
import { type ServiceBusConnection, settingRows } from '../src/config/settings.ts';
import { CommandRefused } from './command-refused.ts';
import type { CommandSettings } from './command-settings.ts';
import { findLocalRun } from './local-run.ts';

interface FindOptions {
  settings: Pick<CommandSettings, 'serviceBus'>;
  /** `--run`: the run file of the local stand-ins. */
  run?: string | undefined;
  /** `--namespace`: a namespace in Azure; the first part of its name is enough. */
  namespace?: string | undefined;
  /** The checkout whose `npm start` is used. */
  root?: string;
}

/**
 * Finds the Service Bus to use: from the options, then from the service's variables, then from the `npm start` of this
 * checkout. For a local run it returns that run too. Throws `CommandRefused` when there is none.
 */
export async function findServiceBus(options: FindOptions) {
  const { settings, run: file, namespace, root = dirname(import.meta.dirname) } = options;
  if (file !== undefined && namespace !== undefined) {
    throw new CommandRefused('Give --run (on this machine) or --namespace (in Azure), not both.');
  }
  const named: ServiceBusConnection | undefined =
    namespace === undefined ? settings.serviceBus : { kind: 'namespace', namespace: fullName(namespace) };
  if (named && file === undefined) return { connection: named };
  const run = await findLocalRun({ root, file });
  if (run.serviceBus === undefined) {
    throw new CommandRefused(
      'What runs here has no Service Bus, because infra/queues.json names no queue and no topic: there are no dead letters.',
    );
  }
  return { connection: { kind: 'connection-string', connectionString: run.serviceBus } as const, run };
}

function fullName(namespace: string): string {
  const name = namespace.includes('.') ? namespace : `${namespace}.servicebus.windows.net`;
  if (settingRows.SERVICEBUS_NAMESPACE.schema.safeParse(name).success) return name;
  throw new CommandRefused('--namespace is no name of a Service Bus namespace, such as orders.servicebus.windows.net.');
}
