import { expect, test } from 'vitest';
import { settingRows } from '../../src/config/settings.ts';
import { checkingTokens, faultsOf, load } from './fixtures.ts';

const guid = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const connection = `InstrumentationKey=${guid};IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/`;
const serviceBus =
  'Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=root;SharedAccessKey=c2VjcmV0;UseDevelopmentEmulator=true';

test('without any variable the defaults hold', () => {
  expect(load({ level: 1 }).settings).toEqual({
    port: 8080,
    host: undefined,
    serviceName: settingRows.SERVICE_NAME.default,
    roles: ['api', 'worker'],
    applicationInsights: undefined,
    serviceBus: undefined,
    azureClientId: undefined,
    sendTimeoutMs: 5000,
    handlerTimeoutMs: 30_000,
    shutdownGraceMs: 25_000,
    region: '',
    stateDir: '.state',
    onAzure: false,
    logLevel: 'info',
    tokens: undefined,
  });
});

/** For every row a text other than its default, and where it must arrive; the names are checked against the table. */
const arrivals: Record<keyof typeof settingRows, [text: string, arrives: object]> = {
  PORT: ['0', { settings: { port: 0 } }],
  LISTEN_HOST: ['127.0.0.1', { settings: { host: '127.0.0.1' } }],
  SERVICE_NAME: ['orders-api.eu', { settings: { serviceName: 'orders-api.eu' } }],
  SERVICE_ROLES: ['worker', { settings: { roles: ['worker'] } }],
  OBSERVABILITY_LEVEL: ['3', { level: 3 }],
  OBSERVABILITY_CONFIG: ['{"level": 4}', { level: 4 }],
  APPLICATIONINSIGHTS_CONNECTION_STRING: [connection, { settings: { applicationInsights: connection } }],
  SERVICEBUS_NAMESPACE: [
    'orders.servicebus.windows.net',
    { settings: { serviceBus: { kind: 'namespace', namespace: 'orders.servicebus.windows.net' } } },
  ],
  SERVICEBUS_CONNECTION_STRING: [
    serviceBus,
    { settings: { serviceBus: { kind: 'connection-string', connectionString: serviceBus } } },
  ],
  AZURE_CLIENT_ID: [guid, { settings: { azureClientId: guid } }],
  SEND_TIMEOUT_MS: ['1', { settings: { sendTimeoutMs: 1 } }],
  HANDLER_TIMEOUT_MS: ['2', { settings: { handlerTimeoutMs: 2 } }],
  SHUTDOWN_GRACE_MS: ['3', { settings: { shutdownGraceMs: 3 } }],
  AZURE_REGION: ['westeurope', { settings: { region: 'westeurope' } }],
  STATE_DIR: ['/data', { settings: { stateDir: '/data' } }],
  LOG_LEVEL: ['debug', { settings: { logLevel: 'debug' } }],
  TOKEN_ISSUER: ['https://login.example.com', { settings: { tokens: { issuer: 'https://login.example.com' } } }],
  TOKEN_AUDIENCE: ['api://parcels', { settings: { tokens: { audience: 'api://parcels' } } }],
  TOKEN_ROLES: ['Files.Send', { settings: { tokens: { roles: ['Files.Send'] } } }],
};
const otherTokens = { issuer: 'https://other.example.com', audience: 'other', roles: ['Other'] };

test.each(Object.entries(arrivals))('%s is read, with blanks around it or not', (name, [text, arrives]) => {
  const file = { level: 1, ...checkingTokens, deployment: name.startsWith('TOKEN_') ? { tokens: otherTokens } : {} };
  expect(load(file)).not.toMatchObject(arrives);
  expect(load(file, { [name]: text })).toMatchObject(arrives);
  expect(load(file, { [name]: ` ${text}\n` })).toMatchObject(arrives);
});

test.each(Object.keys(settingRows))('%s counts as left out when it is empty', (name) => {
  expect(load({ level: 1 }, { [name]: ' ' })).toEqual(load({ level: 1 }));
});

test('roles are read in any order, with blanks, and once each', () => {
  expect(load({ level: 1 }, { SERVICE_ROLES: 'worker, api,worker' }).settings.roles).toEqual(['api', 'worker']);
});

const wrong: [name: string, text: string, ...faults: string[]][] = [
  ['PORT', '65536', 'found "65536"; allowed: a whole number from 0 to 65535'],
  ['PORT', '3e3', 'found "3e3"; allowed: a whole number from 0 to 65535'],
  ['PORT', '-1', 'found "-1"; allowed: a whole number from 0 to 65535'],
  ['LISTEN_HOST', 'http://localhost', 'found "http://localhost"; allowed: a host name or an IP address'],
  ['SEND_TIMEOUT_MS', '0', 'found "0"; allowed: a whole number of milliseconds from 1 to 600000'],
  ['HANDLER_TIMEOUT_MS', '1.5', 'found "1.5"; allowed: a whole number of milliseconds from 1 to 3600000'],
  ['SERVICE_ROLES', 'api,wroker', 'found "api,wroker"; allowed: api, worker, or both with a comma between'],
  [
    'TOKEN_ROLES',
    'Files.Send Files.Read',
    'found "Files.Send Files.Read"; allowed: names with commas between, each of 1 to 120 letters, digits, dots, underscores, colons, slashes and hyphens',
  ],
  ['LOG_LEVEL', 'inof', 'found "inof"; allowed: debug, info, warning or error; did you mean info?'],
  ['AZURE_CLIENT_ID', 'me', 'found "me"; allowed: a GUID'],
  ['SERVICEBUS_NAMESPACE', 'orders', 'found "orders"; allowed: a full host name such as orders.servicebus.windows.net'],
  [
    'SERVICEBUS_NAMESPACE',
    'sb://orders.servicebus.windows.net',
    'found "sb://orders.servicebus.windows.net"; allowed: a full host name such as orders.servicebus.windows.net',
  ],
  [
    'APPLICATIONINSIGHTS_CONNECTION_STRING',
    `InstrumentationKey=${guid.toUpperCase()}`,
    'found (hidden); allowed: an InstrumentationKey that is a GUID in lower case',
  ],
  [
    'APPLICATIONINSIGHTS_CONNECTION_STRING',
    `${connection}?a=b;LiveEndpoint=http://example.com`,
    'found (hidden); allowed: parts of the form key=value between semicolons, with one "=" and no blank in each',
    'found (hidden); allowed: as LiveEndpoint an https address, or an http address on this machine',
  ],
  [
    'SERVICEBUS_CONNECTION_STRING',
    'SharedAccessKey=c2VjcmV0;EntityPath=parcels',
    'found (hidden); allowed: an Endpoint of the form sb://<namespace>',
    'found (hidden); allowed: a SharedAccessKeyName with its SharedAccessKey, or a SharedAccessSignature',
    'found (hidden); allowed: the connection string of the namespace, without EntityPath',
  ],
];

test.each(wrong)('%s does not take %s', (name, text, ...faults) => {
  expect(faultsOf({ level: 1 }, { [name]: text })).toEqual(faults.map((fault) => `${name}: ${fault}`));
});

test('a connection string may end with a semicolon, and http is taken on this machine alone', () => {
  const local = `instrumentationkey=${guid};IngestionEndpoint=http://127.0.0.1:4620`;
  const read = (text: string) => load({ level: 1 }, { APPLICATIONINSIGHTS_CONNECTION_STRING: text }).settings;
  expect(read(`${local};`).applicationInsights).toBe(local);
  expect(() => read(local.replace('127.0.0.1', '10.0.0.1'))).toThrow('IngestionEndpoint');
  expect(() => read(local.replace(';', '; '))).toThrow('no blank');
});

test('a signature stands for a key', () => {
  const text = 'Endpoint=sb://orders.servicebus.windows.net/;SharedAccessSignature=SharedAccessSignature sr=x&sig=y';
  expect(load({ level: 1 }, { SERVICEBUS_CONNECTION_STRING: text }).settings.serviceBus).toEqual({
    kind: 'connection-string',
    connectionString: text,
  });
});

test('no value of a secret is ever printed, wherever it was put', () => {
  const secret = 'Endpoint=sb://x;SharedAccessKey=hunter2hunter2';
  const names = Object.keys(settingRows).filter((name) => !['STATE_DIR', 'TOKEN_AUDIENCE'].includes(name));
  for (const name of names) {
    const faults = faultsOf({ level: 1 }, { [name]: secret });
    expect(faults.length, name).toBeGreaterThan(0);
    expect(faults.join('\n'), name).not.toContain('hunter2');
  }
  expect(faultsOf({ level: 1 }, { TOKEN_ISSUER: 'ftp://me:hunter2@host' }).join()).not.toContain('hunter2');
  expect(faultsOf({ level: 1 }, { TOKEN_AUDIENCE: secret }).join()).not.toContain('hunter2');
});

test('exactly one way to Service Bus is told', () => {
  const env = { SERVICEBUS_NAMESPACE: 'orders.servicebus.windows.net', SERVICEBUS_CONNECTION_STRING: serviceBus };
  expect(faultsOf({ level: 1 }, env)).toEqual([
    'SERVICEBUS_NAMESPACE: found SERVICEBUS_CONNECTION_STRING beside it; allowed: one of the two',
  ]);
});

const issuer = 'https://login.example.com';
const tokens = { issuer: 'https://other.example.com', audience: 'parcels', roles: ['Files.Send'] };

test('issuer, audience and roles are given each by variable or by file', () => {
  expect(load({ level: 1, ...checkingTokens, deployment: { tokens } }).settings.tokens).toEqual(tokens);
  expect(
    load({ level: 1, ...checkingTokens, deployment: { tokens } }, { TOKEN_ISSUER: issuer }).settings.tokens,
  ).toEqual({
    ...tokens,
    issuer,
  });
  const roles = ['Files.Send', 'user_impersonation'];
  expect(
    load({ level: 1, ...checkingTokens, deployment: { tokens } }, { TOKEN_ROLES: roles.join(', ') }).settings.tokens,
  ).toEqual({
    ...tokens,
    roles,
  });
  expect(faultsOf({ level: 9, deployment: { tokens } }, { TOKEN_ISSUER: issuer })).toHaveLength(1);
});

test('issuer and audience are given together, and roles not without them', () => {
  const allowed =
    'allowed: issuer and audience, with or without roles, here or as TOKEN_ISSUER, TOKEN_AUDIENCE and TOKEN_ROLES';
  const without = (what: string) => [`observability.json: deployment.tokens: found no ${what}; ${allowed}`];
  expect(faultsOf({ level: 1 }, { TOKEN_ISSUER: issuer })).toEqual(without('audience'));
  expect(faultsOf({ level: 1, deployment: { tokens: { issuer } } })).toEqual(without('audience'));
  expect(faultsOf({ level: 1, deployment: { tokens: { audience: 'parcels' } } })).toEqual(without('issuer'));
  expect(faultsOf({ level: 1 }, { TOKEN_ROLES: 'Files.Send' })).toEqual(without('issuer'));
});

test('an issuer of tokens needs the module that checks them, wherever the issuer is named', () => {
  const allowed = 'allowed: "bearer-tokens" among the modules, or no issuer';
  const place = 'observability.json: modules.add: found the issuer of tokens';
  expect(faultsOf({ level: 1, deployment: { tokens } })).toEqual([
    `${place} "${tokens.issuer}" and no "bearer-tokens", so that no token would be checked; ${allowed}`,
  ]);
  expect(faultsOf({ level: 1 }, { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: 'parcels' })).toEqual([
    `${place} "${issuer}" and no "bearer-tokens", so that no token would be checked; ${allowed}`,
  ]);
});

test('a public service says who may call, or that every caller may', () => {
  const isPublic = { level: 1, ...checkingTokens, deployment: { public: true } };
  const env = { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: 'parcels' };
  const allowed = 'allowed: false; or issuer, audience and roles in deployment.tokens; or allowAnonymous true';
  expect(faultsOf(isPublic)).toEqual([
    `observability.json: deployment.public: found true and no issuer in deployment.tokens; ${allowed}`,
  ]);
  expect(faultsOf(isPublic, env)).toEqual([
    `observability.json: deployment.public: found true and no roles in deployment.tokens; ${allowed}`,
  ]);
  expect(load(isPublic, { ...env, TOKEN_ROLES: 'Files.Send' }).settings.tokens?.roles).toEqual(['Files.Send']);
  const anonymous = { level: 1, ...checkingTokens, deployment: { public: true, allowAnonymous: true } };
  expect(load(anonymous).settings.tokens).toBeUndefined();
  expect(load(anonymous, env).settings.tokens?.roles).toEqual([]);
});

test('a variable that looks like a misspelt one of ours is noticed', () => {
  const env = { OBSERVABILITY_LEVL: '3', SERVICEBUS_NAMESPACES: '', PATH: '/bin', PORTS: '1', HOME: '/' };
  expect(load({ level: 1 }, env).notices).toEqual([
    'OBSERVABILITY_LEVL is set and nothing reads it; did you mean OBSERVABILITY_LEVEL?',
  ]);
});
