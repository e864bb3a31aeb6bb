import { checkRows, type Environment, textOf } from './environment.ts';
import { ConfigError } from './faults.ts';
import { type ServiceBusConnection, settingRows } from './settings.ts';

/** What a command needs of the environment: less than the service, so that it runs where the service is not set up. */
export interface CommandSettings {
  serviceBus: ServiceBusConnection | undefined;
  azureClientId: string | undefined;
  /** Somebody asked for neither colours, bars nor questions, or nobody sits there. */
  plain: boolean;
}

const { SERVICEBUS_NAMESPACE, SERVICEBUS_CONNECTION_STRING, AZURE_CLIENT_ID } = settingRows;
const rows = { SERVICEBUS_NAMESPACE, SERVICEBUS_CONNECTION_STRING, AZURE_CLIENT_ID };

/** Throws `ConfigError` with what is wrong in the few variables that it reads. */
export function readCommandSettings(env: Environment = process.env): CommandSettings {
  const namespace = textOf(env, 'SERVICEBUS_NAMESPACE');
  const connectionString = textOf(env, 'SERVICEBUS_CONNECTION_STRING');
  const faults = checkRows(rows, env);
  if (namespace && connectionString) {
    const found = 'SERVICEBUS_CONNECTION_STRING beside it';
    faults.push({ source: 'SERVICEBUS_NAMESPACE', path: '', found, allowed: 'one of the two' });
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const local: ServiceBusConnection | undefined = connectionString
    ? { kind: 'connection-string', connectionString }
    : undefined;
  return {
    serviceBus: namespace ? { kind: 'namespace', namespace } : local,
    azureClientId: textOf(env, 'AZURE_CLIENT_ID'),
    plain: Boolean(textOf(env, 'CI') ?? textOf(env, 'NO_COLOR')),
  };
}
