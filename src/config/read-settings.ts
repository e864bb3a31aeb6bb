import { z } from 'zod';
import { type Fault, shown } from './faults.ts';
import { type Environment, textOf } from './rows.ts';
import { type ServiceBusConnection, type SettingRow, type Settings, settingRows } from './settings.ts';

type Schemas = { [Name in keyof typeof settingRows]: (typeof settingRows)[Name]['schema'] };

interface SettingsOptions {
  env: Environment;
  /** Whether somebody sends or handles messages, so that Service Bus must be told. */
  needsServiceBus: boolean;
  /** `deployment.tokens` of the file, for what the variables leave out; undefined while the file has faults. */
  tokens: { issuer: string; audience: string } | undefined;
  /** What people call the file. */
  file: string;
}

/** What is wrong between variables that are right by themselves. */
export function checkTogether({ env, needsServiceBus, tokens, file }: SettingsOptions): Fault[] {
  const faults: Fault[] = [];
  const source = 'SERVICEBUS_NAMESPACE';
  const other = 'SERVICEBUS_CONNECTION_STRING';
  const given = [source, other].filter((name) => textOf(env, name));
  if (given.length === 2) faults.push({ source, path: '', found: `${other} beside it`, allowed: 'one of the two' });
  if (given.length === 0 && needsServiceBus) {
    const allowed = 'one of the two, because this service sends or handles messages';
    faults.push({ source, path: '', found: `nothing, and no ${other}`, allowed });
  }
  if (!tokens) return faults;

  const { issuer, audience } = readTokens(env, tokens);
  if (Boolean(issuer) !== Boolean(audience)) {
    const [missing, present] = issuer ? ['TOKEN_AUDIENCE', 'TOKEN_ISSUER'] : ['TOKEN_ISSUER', 'TOKEN_AUDIENCE'];
    const key = present === 'TOKEN_ISSUER' ? 'issuer' : 'audience';
    const from = textOf(env, present) ? present : `deployment.tokens.${key} of ${file}`;
    const found = `nothing beside ${from} ${shown(issuer || audience)}`;
    faults.push({ source: missing, path: '', found, allowed: 'both or neither, as variables or in deployment.tokens' });
  }
  return faults;
}

/** The environment, typed. Call it with what the checks have passed: it throws zod's errors otherwise. */
export function readSettings({ env, tokens }: SettingsOptions): Settings {
  const names = Object.entries<SettingRow>(settingRows);
  const texts = Object.fromEntries(names.map(([name, row]) => [name, textOf(env, name, row)]));
  // The entries of an object lose which schema stands under which name.
  const shape = Object.fromEntries(names.map(([name, { schema }]) => [name, schema])) as Schemas;
  const given = z.object(shape).parse(texts);

  const namespace = given.SERVICEBUS_NAMESPACE;
  const connectionString = given.SERVICEBUS_CONNECTION_STRING;
  const local: ServiceBusConnection | undefined = connectionString
    ? { kind: 'connection-string', connectionString }
    : undefined;
  const { issuer, audience } = readTokens(env, tokens);
  return {
    port: given.PORT,
    host: given.LISTEN_HOST,
    serviceName: given.SERVICE_NAME,
    roles: given.SERVICE_ROLES,
    applicationInsights: given.APPLICATIONINSIGHTS_CONNECTION_STRING,
    serviceBus: namespace ? { kind: 'namespace', namespace } : local,
    serviceBusAdminUrl: given.SERVICEBUS_ADMIN_URL,
    azureClientId: given.AZURE_CLIENT_ID,
    sendTimeoutMs: given.SEND_TIMEOUT_MS,
    handlerTimeoutMs: given.HANDLER_TIMEOUT_MS,
    shutdownGraceMs: given.SHUTDOWN_GRACE_MS,
    stateDir: given.STATE_DIR,
    logLevel: given.LOG_LEVEL,
    tokens: issuer && audience ? { issuer, audience } : undefined,
  };
}

function readTokens(env: Environment, tokens: SettingsOptions['tokens']) {
  return {
    issuer: textOf(env, 'TOKEN_ISSUER') ?? tokens?.issuer,
    audience: textOf(env, 'TOKEN_AUDIENCE') ?? tokens?.audience,
  };
}
