import { z } from 'zod';
import { applicationInsightsConnection, safeUrl, serviceBusConnection } from './connection-strings.ts';
import { tokenRole, tokenRoleForm } from './sections.ts';

/** What a process does: answer callers (`api`), handle messages (`worker`), or both. */
const roles = ['api', 'worker'] as const;
export type Role = (typeof roles)[number];

/** One environment variable: what it means, what it may hold, and the schema that reads its text. */
export interface SettingRow {
  meaning: string;
  /** For documentation, and for faults where the schema has no message of its own. */
  allowed: string;
  /** As text. Without a default the variable may be absent only if its schema accepts `undefined`. */
  default?: string;
  schema: z.ZodType;
  /** Its value is never printed. */
  secret?: boolean;
}

/** How to reach Service Bus: a namespace with an Entra credential (Azure), or a connection string (local). */
export type ServiceBusConnection =
  | { kind: 'namespace'; namespace: string }
  | { kind: 'connection-string'; connectionString: string };

export const wholeNumber = (meaning: string, value: number, from: number, to: number, unit = '') => ({
  meaning,
  allowed: `a whole number${unit} from ${from} to ${to}`,
  default: String(value),
  schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(from).max(to)),
});

const milliseconds = (meaning: string, value: number, to: number) =>
  wholeNumber(meaning, value, 1, to, ' of milliseconds');

const commaSeparated = z.string().transform((text) => text.split(',').map((name) => name.trim()));

const roleList = commaSeparated
  .pipe(z.array(z.enum(roles)))
  .transform((given) => roles.filter((role) => given.includes(role)));

/**
 * Every environment variable that the service itself reads; modules (in their manifests) and businesses add theirs.
 * `docs/settings.md` is made from it.
 */
export const settingRows = {
  PORT: wholeNumber('The port that the service listens on; 0 lets the system choose.', 8_080, 0, 65_535),
  LISTEN_HOST: {
    meaning: 'The address to listen on. Without it: all interfaces, for a container. `npm start` sets 127.0.0.1.',
    allowed: 'a host name or an IP address',
    schema: z.hostname().or(z.ipv6()).optional(),
  },
  SERVICE_NAME: {
    meaning: 'The name under which telemetry and log lines of this service appear.',
    allowed: '1 to 63 letters, digits, dots, underscores and hyphens, beginning with a letter or digit',
    default: 'service',
    schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/),
  },
  SERVICE_ROLES: {
    meaning: 'What this process does: answer callers (`api`), work on messages (`worker`), or both.',
    allowed: 'api, worker, or both with a comma between',
    default: 'api,worker',
    schema: roleList,
  },
  OBSERVABILITY_LEVEL: {
    meaning: 'The level, instead of `level` of `observability.json`.',
    allowed: 'a level of the ladder: a whole number from 1 to 5',
    schema: z.string().optional(),
  },
  OBSERVABILITY_CONFIG: {
    meaning: 'The whole of `observability.json` as JSON, instead of the file.',
    allowed: 'JSON as in `observability.json`',
    schema: z.string().optional(),
  },
  APPLICATIONINSIGHTS_CONNECTION_STRING: {
    meaning: 'Where telemetry goes. Without it the service runs, says so once and ships nothing.',
    allowed: 'a connection string as Azure shows it: InstrumentationKey=<GUID>;IngestionEndpoint=<address>',
    schema: applicationInsightsConnection.optional(),
    secret: true,
  },
  SERVICEBUS_NAMESPACE: {
    meaning: 'The Service Bus namespace, reached with an Entra identity.',
    allowed: 'a full host name such as orders.servicebus.windows.net',
    schema: z.hostname().includes('.').optional(),
  },
  SERVICEBUS_CONNECTION_STRING: {
    meaning: 'The Service Bus namespace, reached with a key: for local use.',
    allowed: 'a connection string: Endpoint=sb://<namespace>;SharedAccessKeyName=<name>;SharedAccessKey=<key>',
    schema: serviceBusConnection.optional(),
    secret: true,
  },
  AZURE_CLIENT_ID: {
    meaning: 'The client id of the user-assigned managed identity.',
    allowed: 'a GUID',
    schema: z.guid().optional(),
  },
  SEND_TIMEOUT_MS: milliseconds('How long the broker may take to accept a message.', 5_000, 600_000),
  HANDLER_TIMEOUT_MS: milliseconds('How long a handler may work on one message.', 30_000, 3_600_000),
  SHUTDOWN_GRACE_MS: milliseconds('How long a stopping service may take: less than Azure grants.', 25_000, 600_000),
  AZURE_REGION: {
    meaning: 'The Azure region of this process, as its telemetry names it. `infra` sets it.',
    allowed: 'a name such as westeurope',
    default: '',
    schema: z.string().regex(/^[a-z0-9]{0,40}$/),
  },
  STATE_DIR: {
    meaning: 'The folder for what must outlive a restart.',
    allowed: 'a path',
    default: '.state',
    schema: z.string(),
  },
  LOG_LEVEL: {
    meaning: 'The least severity that is logged.',
    allowed: 'debug, info, warning or error',
    default: 'info',
    schema: z.enum(['debug', 'info', 'warning', 'error']),
  },
  TOKEN_ISSUER: {
    meaning: 'Who issues the bearer tokens of callers, instead of `deployment.tokens.issuer`.',
    allowed: 'an https address, or an http address on this machine; together with TOKEN_AUDIENCE',
    schema: safeUrl().optional(),
  },
  TOKEN_AUDIENCE: {
    meaning: 'For whom the bearer tokens of callers are issued, instead of `deployment.tokens.audience`.',
    allowed: 'text, together with TOKEN_ISSUER',
    schema: z.string().optional(),
  },
  TOKEN_ROLES: {
    meaning: 'The roles and scopes of which a token must carry one, instead of `deployment.tokens.roles`.',
    allowed: `names with commas between, each of ${tokenRoleForm}`,
    schema: commaSeparated.pipe(z.array(z.string().regex(tokenRole))).optional(),
  },
} satisfies Record<string, SettingRow>;
