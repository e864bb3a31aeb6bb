import { join } from 'node:path';
import type { Run } from '../../run-file/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
/** Who waits at a prompt has less patience than a platform. */
const GRACE_MS = '5000';
/** They name something on Azure, where a service on this machine must not go, or a broker that is none of this run. */
const OF_AZURE = [
  'SERVICEBUS_NAMESPACE',
  'SERVICEBUS_CONNECTION_STRING',
  'SERVICEBUS_ADMIN_URL',
  'AZURE_CLIENT_ID',
  'QUEUE_READER_CLIENT_ID',
  'SECURITY_LOGS_ENDPOINT',
  'SECURITY_LOGS_RULE',
];

export interface ServiceFacts {
  port: number;
  /** The connection string. */
  applicationInsights: string;
  /** Where this checkout keeps its files. */
  folder: string;
  /** Of the businesses. They win over the shell's, so that nothing here calls a real system by accident. */
  variables: Readonly<Record<string, string>>;
}

/** What the service is told: everything that the developer's shell says, and where the stand-ins are. */
export function serviceEnvironment(
  env: Environment,
  { serviceBus, serviceBusAdmin, securityLogs }: Pick<Run, 'serviceBus' | 'serviceBusAdmin' | 'securityLogs'>,
  { port, applicationInsights, folder, variables }: ServiceFacts,
): Record<string, string> {
  const inherited = Object.entries(env).filter(([name]) => !OF_AZURE.includes(name));
  const noProxy = extend([env.NO_PROXY, env.no_proxy], LOOPBACK);
  return {
    ...Object.fromEntries(inherited.filter((entry): entry is [string, string] => entry[1] !== undefined)),
    ...variables,
    LISTEN_HOST: '127.0.0.1',
    PORT: String(port),
    ...(serviceBus && { SERVICEBUS_CONNECTION_STRING: serviceBus }),
    ...(serviceBusAdmin && { SERVICEBUS_ADMIN_URL: serviceBusAdmin }),
    APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights,
    ...(securityLogs && {
      SECURITY_LOGS_ENDPOINT: securityLogs.endpoint,
      SECURITY_LOGS_RULE: securityLogs.rule,
      // Only the service trusts it.
      NODE_EXTRA_CA_CERTS: securityLogs.certificate,
    }),
    // It would call Azure.
    APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
    SHUTDOWN_GRACE_MS: env.SHUTDOWN_GRACE_MS || GRACE_MS,
    STATE_DIR: join(folder, 'state'),
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

function extend(lists: readonly (string | undefined)[], hosts: readonly string[]): string {
  const given = lists.flatMap((list) => list?.split(',') ?? []).map((host) => host.trim());
  return [...new Set([...given.filter(Boolean), ...hosts])].join(',');
}
