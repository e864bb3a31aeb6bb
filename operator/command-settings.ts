import { type Environment, readRows, textOf } from '../src/config/environment.ts';
import { ConfigError, type Fault } from '../src/config/faults.ts';
import { readServiceBus } from '../src/config/read-settings.ts';
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

/** The environment with other values for some variables. */
export const environmentWith = (variables: Environment): Environment => ({ ...process.env, ...variables });

/** Reads the variables of the commands. Throws `ConfigError` with all their faults. */
export function readCommandSettings(env: Environment = process.env): CommandSettings {
  const faults: Fault[] = [];
  const { AZURE_CLIENT_ID: azureClientId } = readRows(rows, env, faults);
  const serviceBus = readServiceBus(env, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    serviceBus,
    azureClientId,
    plain: Boolean(textOf(env, 'CI') ?? textOf(env, 'NO_COLOR')),
  };
}
