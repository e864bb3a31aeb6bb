import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { redactText } from '../../../../src/observability/modules/structured-logs/redact-text.ts';

const inspected = (value: unknown) => inspect(value, { breakLength: 200 });

/** In each, everything that must not be seen holds `Zq9`. */
const hostile = [
  // What util.inspect prints.
  inspected({ headers: { authorization: 'ApiKey abcZq9', cookie: 'sid=Zq9; a=b', 'x-functions-key': 'Zq9' } }),
  inspected({ Authorization: 'Negotiate Zq9' }),
  inspected({ authorization: 'AWS4-HMAC-SHA256 Credential=Zq9/2020, Signature=Zq9' }),
  inspected({ Authorization: ['Bearer Zq9', 'Basic Zq9'] }),
  inspected({ 'set-cookie': ['sid=Zq9; Path=/', 'b=Zq9'] }),
  inspected({ password: "it's Zq9", user: 'ada' }),
  inspected({ password: 'a "b" \'c\' `Zq9`' }),
  inspected({ pass: 'Zq9', pwd: 'two words Zq9' }),
  inspected({ credentials: { user: 'Zq9', nested: { deep: ['Zq9'] } } }),
  inspected({ secret: new Map([['a', 'Zq9']]) }),
  inspected(new Map([['password', 'Zq9']])),
  inspected({ headers: new Headers({ 'x-own': 'Zq9' }) }),
  inspected({ rawHeaders: ['authorization', 'Zq9'] }),
  inspect({ key: `first line ${'x'.repeat(80)}\nZq9 second\nZq9 third` }),
  inspect({ tokens: Array.from({ length: 40 }, () => 'Zq9') }),
  inspect({ clientSecret: 'Zq9 }' }, { compact: false }),
  // JSON, and JSON in JSON.
  JSON.stringify({ password: 'correct "horse" \\ Zq9', n: 1 }),
  JSON.stringify({ 'set-cookie': ['sid=Zq9; Path=/'] }),
  JSON.stringify({ tokens: { access: 'Zq9', refresh: ['Zq9'] } }),
  JSON.stringify({ body: JSON.stringify({ password: 'a "b" Zq9' }) }),
  JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ apiKey: 'c "d" Zq9' }) }) }),
  JSON.stringify({ userPwd: 'Zq9' }, null, 2),
  '{"password":"cut in the middle Zq9',
  // Headers.
  'Authorization: Digest username="ada", response="Zq9"',
  "curl -H 'Authorization: Bearer Zq9' https://host",
  'authorization: "Token Zq9"',
  "Authorization: 'Bearer Zq9'",
  'Proxy-Authorization: Basic Zq9=',
  'Cookie: a=1; session=Zq9\r\nHost: x',
  'Set-Cookie: session=Zq9; HttpOnly',
  'x-functions-key: Zq9',
  'X-API-Key: Zq9',
  'x-ms-client-principal: Zq9',
  'sent with bearer Zq9',
  // Connection strings and signatures.
  'Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=Zq9=;EntityPath=q',
  'AccountName=a;AccountKey=Zq9==;EndpointSuffix=core.windows.net',
  'Server=tcp:x;Uid=sa;Password=two words Zq9;Encrypt=true',
  'Server=tcp:x;User ID=sa;Pwd=Zq9;',
  'Driver=x;PWD={a;b Zq9};',
  'cache:6380,password=Zq9,ssl=True',
  'InstrumentationKey=Zq9;IngestionEndpoint=https://x/',
  'SharedAccessSignature sr=x&sig=Zq9&se=1',
  'SharedAccessSignature=sv=2020&sig=Zq9',
  'https://a.blob.core.windows.net/c?sv=1&sig=Zq9%3D',
  'https://x.azurewebsites.net/api/f?code=Zq9',
  // Credentials in addresses.
  'postgres://user:Zq9@host/db',
  'postgres://user:pa/Zq9@host/db',
  'amqps://root:p@Zq9@host:5671',
  'redis://:Zq9@host:6379',
  // Variables, forms, arguments, other notations.
  'DB_PWD=Zq9',
  'MYSQL_PWD=Zq9 mysqldump',
  'PASS=Zq9',
  'dbPass: Zq9',
  'client_secret=Zq9&grant_type=x',
  'user[password]=Zq9&x=1',
  'code=Zq9fn',
  'login --password Zq9 --user ada',
  'password:\n  Zq9',
  'password: two words Zq9',
  '<Password>Zq9</Password>',
  'account key: Zq9',
  // Sentences and shapes.
  'the password is Zq9abc, said ada',
  'ApiKey Zq9key was refused',
  'Bearer token Zq9abc',
  'xoxb-Zq9-12345678 and ghp_Zq9456789012',
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJacTkifQ.Zq9',
  '-----BEGIN RSA PRIVATE KEY-----\nZq9\n-----END RSA PRIVATE KEY-----',
  'mail to ada.Zq9@example.com failed',
];

test.each(hostile)('nothing leaks: %s', (line) => {
  expect(line).toContain('Zq9');
  expect(redactText(line)).not.toContain('Zq9');
});

test('there are sixty of them and more', () => expect(hostile.length).toBeGreaterThanOrEqual(60));

test.each([
  'a file is delivered',
  'the bearer token is missing',
  'Basic information about plans',
  'connect ECONNREFUSED 127.0.0.1:5671',
  'TokenExpiredError: jwt expired',
  'ManagedIdentityCredential: Network unreachable',
  'Unexpected token < in JSON at position 0',
  'Unrecognized key: "nmae"',
  'duplicate key: 17',
  'SIGTERM: 3 of 4 handlers finished',
  'file:///app/src/token.ts:10:5',
  'Error: no token:\n    at login (file:///app/src/login.ts:10:5)',
  '2026-11-22T18:00:00.000Z',
  'Is it up? yes=1',
  'exit code=1, code=ECONNREFUSED, code=amqp:not-found',
  'the secret DB_PASSWORD is not set',
  'password reset failed for 3 accounts',
  '{ token: undefined, password: null, authenticated: true }',
  'SharedAccessKeyName=Root',
  "{ idempotencyKey: 'invoice-17', partitionKey: 'a' }",
  'GET https://host:8080/packages/@scope/name',
  'express@5.3.0 needs node@24',
  'headers: missing',
  "Cannot read properties of undefined (reading 'pass')",
  'https://registry.npmjs.org/@azure/identity',
])('stays readable: %s', (line) => expect(redactText(line)).toBe(line));

test('of an object only the secret is hidden', () => {
  expect(redactText(inspected({ user: 'ada', password: 'a b', roles: ['x'], auth: { a: [1] }, n: 1 }))).toBe(
    "{ user: 'ada', password: REDACTED, roles: [ 'x' ], auth: REDACTED, n: 1 }",
  );
});

/** All of it is examined, two hundred times what a line holds: what costs more than in proportion never ends. */
test.each([
  ...['=', '&a', '?a=', 'a=', 'token ', 'a-', 'eyJaaaaa.', '-----BEGIN ', 'password="', 'password:\\', "pwd='\\"],
  ...[
    'a://',
    'a://a:',
    'bearer a',
    'a.b-c+',
    'a@',
    'secret-',
    'api-key',
    'token: {',
    'token: [\\"',
    "pass: '' + ",
    '\\',
    '"',
  ],
  ...['password is a', '--token ', '<a', '<token>', 'code=', 'xoxb-', 'key: ', ' '],
])('text made of %j to be slow is not', (piece) => {
  const text = `token: ${piece.repeat(200_000 / piece.length)}`;
  for (const line of [text, text.slice(7)]) {
    const startedAt = performance.now();
    redactText(line, text.length);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  }
});
