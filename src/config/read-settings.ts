import { z } from 'zod';
import { type Fault, shown } from './faults.ts';
import { type Environment, textOf } from './rows.ts';
import type { deploymentSection } from './sections.ts';
import { type ServiceBusConnection, type SettingRow, type Settings, settingRows } from './settings.ts';

type Schemas = { [Name in keyof typeof settingRows]: (typeof settingRows)[Name]['schema'] };

type Deployment = z.infer<typeof deploymentSection>;

interface SettingsOptions {
  env: Environment;
  /** Whether somebody sends or handles messages, so that Service Bus must be told. */
  needsServiceBus: boolean;
  /** Of the file, for what the variables on tokens leave out; undefined while the file has faults. */
  deployment: Deployment | undefined;
  /** What people call the file. */
  file: string;
}

/** What is wrong between variables that are right by themselves. */
export function checkTogether({ env, needsServiceBus, deployment, file }: SettingsOptions): Fault[] {
  const faults: Fault[] = [];
  const source = 'SERVICEBUS_NAMESPACE';
  const other = 'SERVICEBUS_CONNECTION_STRING';
  const given = [source, other].filter((name) => textOf(env, name));
  if (given.length === 2) faults.push({ source, path: '', found: `${other} beside it`, allowed: 'one of the two' });
  if (given.length === 0 && needsServiceBus) {
    const allowed = 'one of the two, because this service sends or handles messages';
    faults.push({ source, path: '', found: `nothing, and no ${other}`, allowed });
  }
  return deployment ? [...faults, ...checkTokens(env, deployment, file)] : faults;
}

/** Half a description of the tokens lets in more callers than the team meant to. */
function checkTokens(env: Environment, deployment: Deployment, file: string): Fault[] {
  const faults: Fault[] = [];
  const { issuer, audience, roles } = readTokens(env, deployment);
  if (Boolean(issuer) !== Boolean(audience)) {
    const [missing, present] = issuer ? ['TOKEN_AUDIENCE', 'TOKEN_ISSUER'] : ['TOKEN_ISSUER', 'TOKEN_AUDIENCE'];
    const key = present === 'TOKEN_ISSUER' ? 'issuer' : 'audience';
    const from = textOf(env, present) ? present : `deployment.tokens.${key} of ${file}`;
    const found = `nothing beside ${from} ${shown(issuer || audience)}`;
    faults.push({ source: missing, path: '', found, allowed: 'both or neither, as variables or in deployment.tokens' });
  }
  if (roles.length > 0 && !issuer) {
    const found = `nothing beside the roles ${shown(roles.join(', '))}`;
    faults.push({
      source: 'TOKEN_ISSUER',
      path: '',
      found,
      allowed: 'the issuer of the tokens that carry these roles',
    });
  }
  if (deployment.public && !deployment.allowAnonymous && !(issuer && roles.length > 0)) {
    const found = issuer
      ? 'true and no roles in deployment.tokens, so that every application of the tenant could call'
      : 'true and no issuer in deployment.tokens, so that any caller could send';
    const allowed = 'false; or issuer, audience and roles in deployment.tokens; or allowAnonymous true';
    faults.push({ source: file, path: 'deployment.public', found, allowed });
  }
  return faults;
}

/** The environment, typed. Call it with what the checks have passed: it throws zod's errors otherwise. */
export function readSettings({ env, deployment }: SettingsOptions): Settings {
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
  const { issuer, audience, roles } = readTokens(env, deployment);
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
    tokens: issuer && audience ? { issuer, audience, roles } : undefined,
  };
}

function readTokens(env: Environment, deployment: Deployment | undefined) {
  return {
    issuer: textOf(env, 'TOKEN_ISSUER') ?? deployment?.tokens.issuer,
    audience: textOf(env, 'TOKEN_AUDIENCE') ?? deployment?.tokens.audience,
    roles: settingRows.TOKEN_ROLES.schema.safeParse(textOf(env, 'TOKEN_ROLES')).data ?? deployment?.tokens.roles ?? [],
  };
}
