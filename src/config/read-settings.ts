import { z } from 'zod';
import { checkRows, type Environment, textOf } from './environment.ts';
import { type Fault, shown } from './faults.ts';
import type { deploymentSection } from './sections.ts';
import { type ServiceBusConnection, type SettingRow, settingRows } from './settings.ts';

type Schemas = { [Name in keyof typeof settingRows]: (typeof settingRows)[Name]['schema'] };

type Deployment = z.infer<typeof deploymentSection>;

/** The faults of the variables. `deployment` is undefined when the file has faults; `file` is its name in messages. */
export function checkSettings(env: Environment, deployment: Deployment | undefined, file: string): Fault[] {
  const faults = checkRows(settingRows, env);
  const other = 'SERVICEBUS_CONNECTION_STRING';
  if (textOf(env, 'SERVICEBUS_NAMESPACE') && textOf(env, other)) {
    faults.push({ source: 'SERVICEBUS_NAMESPACE', found: `${other} beside it`, allowed: 'one of the two' });
  }
  return deployment ? [...faults, ...tokenFaults(env, deployment, file)] : faults;
}

/** An incomplete description of the tokens would let in more callers than the team intends. */
function tokenFaults(env: Environment, deployment: Deployment, file: string): Fault[] {
  const faults: Fault[] = [];
  const { issuer, audience, roles } = readTokens(env, deployment);
  if (Boolean(issuer) !== Boolean(audience)) {
    const [missing, present, key] = issuer
      ? ['TOKEN_AUDIENCE', 'TOKEN_ISSUER', 'issuer']
      : ['TOKEN_ISSUER', 'TOKEN_AUDIENCE', 'audience'];
    const from = textOf(env, present) ? present : `deployment.tokens.${key} of ${file}`;
    const found = `nothing beside ${from} ${shown(issuer || audience)}`;
    faults.push({ source: missing, found, allowed: 'both or neither, as variables or in deployment.tokens' });
  }
  if (roles.length > 0 && !issuer) {
    const found = `nothing beside the roles ${shown(roles.join(', '))}`;
    faults.push({ source: 'TOKEN_ISSUER', found, allowed: 'the issuer of the tokens that carry these roles' });
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

/**
 * The variables, typed; durations in milliseconds. Call it after `checkSettings` has found no faults: otherwise it
 * throws zod's errors.
 */
export function readSettings(env: Environment, deployment: Deployment) {
  const rows = Object.entries<SettingRow>(settingRows);
  const texts = Object.fromEntries(rows.map(([name, row]) => [name, textOf(env, name, row)]));
  // The type of `Object.fromEntries` does not say which name has which schema: the cast adds it.
  const shape = Object.fromEntries(rows.map(([name, { schema }]) => [name, schema])) as Schemas;
  const given = z.object(shape).parse(texts);
  const { issuer, audience, roles } = readTokens(env, deployment);
  return {
    port: given.PORT,
    /** Undefined: the server listens on all interfaces, as a container needs it. */
    host: given.LISTEN_HOST,
    serviceName: given.SERVICE_NAME,
    roles: given.SERVICE_ROLES,
    applicationInsights: given.APPLICATIONINSIGHTS_CONNECTION_STRING,
    serviceBus: serviceBusOf(given.SERVICEBUS_NAMESPACE, given.SERVICEBUS_CONNECTION_STRING),
    azureClientId: given.AZURE_CLIENT_ID,
    sendTimeoutMs: given.SEND_TIMEOUT_MS,
    handlerTimeoutMs: given.HANDLER_TIMEOUT_MS,
    shutdownGraceMs: given.SHUTDOWN_GRACE_MS,
    stateDir: given.STATE_DIR,
    logLevel: given.LOG_LEVEL,
    /** Undefined: no bearer tokens are required. */
    tokens: issuer && audience ? { issuer, audience, roles } : undefined,
  };
}

export type Settings = ReturnType<typeof readSettings>;

/** How to reach Service Bus, from the values of the two variables. */
export function serviceBusOf(namespace?: string, connectionString?: string): ServiceBusConnection | undefined {
  if (namespace) return { kind: 'namespace', namespace };
  return connectionString ? { kind: 'connection-string', connectionString } : undefined;
}

const readTokens = (env: Environment, { tokens }: Deployment) => ({
  issuer: textOf(env, 'TOKEN_ISSUER') ?? tokens.issuer,
  audience: textOf(env, 'TOKEN_AUDIENCE') ?? tokens.audience,
  roles: settingRows.TOKEN_ROLES.schema.safeParse(textOf(env, 'TOKEN_ROLES')).data ?? tokens.roles,
});
