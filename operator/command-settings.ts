import { checkRows, type Environment, textOf } from '../src/config/environment.ts';
import { ConfigError } from '../src/config/faults.ts';
import { serviceBusOf } from '../src/config/read-settings.ts';
import { type ServiceBusConnection, settingRows } from '../src/config/settings.ts';

/** The settings of a command: fewer than those of the service, so that it runs where the service is not configured. */
export interface CommandSettings {
  serviceBus: ServiceBusConnection | undefined;
  azureClientId: string | undefined;
  /** True when `CI` or `NO_COLOR` is set: the terminal shows no counter and asks no questions. */
  plain: boolean;
}

const { SERVICEBUS_NAMESPACE, SERVICEBUS_CONNECTION_STRING, AZURE_CLIENT_ID } = settingRows;
const rows = { SERVICEBUS_NAMESPACE, SERVICEBUS_CONNECTION_STRING, AZURE_CLIENT_ID };

/** Reads the variables of the commands. Throws `ConfigError` with all their faults. */
export function readCommandSettings(env: Environment = process.env): CommandSettings {
  const namespace = textOf(env, 'SERVICEBUS_NAMESPACE');
  const connectionString = textOf(env, 'SERVICEBUS_CONNECTION_STRING');
  const faults = checkRows(rows, env);
  if (namespace && connectionString) {
    const found = 'SERVICEBUS_CONNECTION_STRING beside it';
    faults.push({ source: 'SERVICEBUS_NAMESPACE', path: '', found, allowed: 'one of the two' });
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    serviceBus: serviceBusOf(namespace, connectionString),
    azureClientId: textOf(env, 'AZURE_CLIENT_ID'),
    plain: Boolean(textOf(env, 'CI') ?? textOf(env, 'NO_COLOR')),
  };
}
