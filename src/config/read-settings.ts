import { type Environment, readRows, textOf } from './environment.ts';
import type { Fault } from './faults.ts';
import { runsOnAzure } from './sdk-environment.ts';
import type { Deployment } from './sections.ts';
import { type ServiceBusConnection, settingRows } from './settings.ts';

export type Settings = ReturnType<typeof readSettings>;

/**
 * Reads the variables, typed; durations in milliseconds. Adds to `faults`; use the result only when there are none.
 * `deployment` is undefined when the file has faults; `file` is its name in messages.
 */
export function readSettings(env: Environment, deployment: Deployment | undefined, file: string, faults: Fault[]) {
  const given = readRows(settingRows, env, faults);
  return {
    port: given.PORT,
    /** Undefined: the server listens on all interfaces, as a container needs it. */
    host: given.LISTEN_HOST,
    serviceName: given.SERVICE_NAME,
    roles: given.SERVICE_ROLES,
    applicationInsights: given.APPLICATIONINSIGHTS_CONNECTION_STRING,
    serviceBus: readServiceBus(env, faults),
    azureClientId: given.AZURE_CLIENT_ID,
    sendTimeoutMs: given.SEND_TIMEOUT_MS,
    handlerTimeoutMs: given.HANDLER_TIMEOUT_MS,
    shutdownGraceMs: given.SHUTDOWN_GRACE_MS,
    /** Empty when unknown. */
    region: given.AZURE_REGION,
    stateDir: given.STATE_DIR,
    /** False on the machine of a developer. */
    onAzure: runsOnAzure(env),
    logLevel: given.LOG_LEVEL,
    /** Undefined: no bearer tokens are required. */
    tokens: deployment && readTokens(env, deployment, file, faults, given.TOKEN_ROLES),
  };
}

/** How to reach Service Bus. Adds to `faults` when both ways are given. */
export function readServiceBus(env: Environment, faults: Fault[]): ServiceBusConnection | undefined {
  const namespace = textOf(env, 'SERVICEBUS_NAMESPACE');
  const connectionString = textOf(env, 'SERVICEBUS_CONNECTION_STRING');
  if (namespace && connectionString) {
    const found = 'SERVICEBUS_CONNECTION_STRING beside it';
    faults.push({ source: 'SERVICEBUS_NAMESPACE', found, allowed: 'one of the two' });
  }
  if (namespace) return { kind: 'namespace', namespace };
  return connectionString ? { kind: 'connection-string', connectionString } : undefined;
}

/** Adds to `faults` what would let in more callers than the team intends. */
function readTokens(
  env: Environment,
  { tokens, allowAnonymous, public: isPublic }: Deployment,
  source: string,
  faults: Fault[],
  roles = tokens.roles,
) {
  const issuer = textOf(env, 'TOKEN_ISSUER') ?? tokens.issuer;
  const audience = textOf(env, 'TOKEN_AUDIENCE') ?? tokens.audience;
  if (!(issuer && audience) && (issuer || audience || roles.length > 0)) {
    const allowed =
      'issuer and audience, with or without roles, here or as TOKEN_ISSUER, TOKEN_AUDIENCE and TOKEN_ROLES';
    faults.push({ source, path: 'deployment.tokens', found: `no ${issuer ? 'audience' : 'issuer'}`, allowed });
  }
  if (isPublic && !allowAnonymous && !(issuer && roles.length > 0)) {
    const found = `true and no ${issuer ? 'roles' : 'issuer'} in deployment.tokens`;
    const allowed = 'false; or issuer, audience and roles in deployment.tokens; or allowAnonymous true';
    faults.push({ source, path: 'deployment.public', found, allowed });
  }
  return issuer && audience ? { issuer, audience, roles } : undefined;
}
