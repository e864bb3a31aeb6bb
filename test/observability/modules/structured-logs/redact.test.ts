import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactFields } from '../../../../src/observability/modules/structured-logs/redact.ts';

/** As a line would carry it. */
const plain = (fields: Record<string, unknown>) => JSON.parse(JSON.stringify(redactFields(fields)));

test.each([
  'password',
  'userPassword',
  'client_secret',
  'ACCESS_TOKEN',
  'x-api-key',
  'authorization',
  'Set-Cookie',
  'connectionString',
  'SERVICEBUS_CONNECTION_STRING',
  'sasUrl',
  'sig',
  'accountKey',
  'key',
  'credentials',
  'jwt',
  'pass',
  'DB_PASS',
  'pwd',
  'dbPwd',
  'passcode',
  'x-functions-key',
  'x-ms-client-principal',
])('a field called %s is hidden, whatever it holds', (name) => {
  for (const value of ['text', 4711, { inner: 'text' }, ['text']])
    expect(plain({ [name]: value })).toEqual({ [name]: 'REDACTED' });
});

test.each([
  'parcelId',
  'idempotencyKey',
  'partition-key',
  'keyboard',
  'design',
  'author',
  'monkey',
  'sasquatch',
  'publicKey',
  'passenger',
  'SharedAccessKeyName',
])('a field called %s is shown', (name) => expect(plain({ [name]: 'text' })).toEqual({ [name]: 'text' }));

test('of headers and queries the names are shown and no value', () => {
  expect(
    plain({
      headers: { host: 'a', 'x-list': ['b', 'c'] },
      query: { page: 2, filter: { by: 'name' } },
      searchParams: new URLSearchParams('a=1'),
      seen: new Headers({ accept: 'x' }),
    }),
  ).toEqual({
    headers: { host: 'REDACTED', 'x-list': ['REDACTED', 'REDACTED'] },
    query: { page: 'REDACTED', filter: { by: 'REDACTED' } },
    searchParams: { a: 'REDACTED' },
    seen: { accept: 'REDACTED' },
  });
});

test('what JSON cannot hold becomes something readable', () => {
  const circular: Record<string, unknown> = { name: 'loop' };
  circular.self = circular;
  const hostile = {
    get broken() {
      throw new Error('no');
    },
    fine: 1,
  };
  expect(
    plain({
      at: new Date(0),
      never: new Date(Number.NaN),
      big: 10n,
      nan: Number.NaN,
      bytes: Buffer.from('secret'),
      map: new Map([['token', 'a']]),
      set: new Set([1, 2]),
      link: new URL('https://u:p@host/?a=b'),
      circular,
      hostile,
      missing: undefined,
      run() {},
      proxy: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
      ['__proto__']: { polluted: true },
    }),
  ).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    never: null,
    big: '10',
    nan: 'NaN',
    bytes: '[6 bytes]',
    map: { token: 'REDACTED' },
    set: [1, 2],
    link: 'https://REDACTED@host/?a=REDACTED',
    circular: { name: 'loop', self: '[circular]' },
    hostile: { broken: '[unreadable]', fine: 1 },
    proxy: '[unreadable]',
    ...JSON.parse('{ "__proto__": { "polluted": true } }'),
  });
});

test('the same object in two places is shown twice', () => {
  const shared = { id: 1 };
  expect(plain({ a: shared, b: shared })).toEqual({ a: shared, b: shared });
});

test('depth, breadth and size are bounded', () => {
  let deep: object = {};
  for (let level = 0; level < 50; level++) deep = { deep };
  const text = JSON.stringify(
    redactFields({
      deep,
      wide: Array.from({ length: 10_000 }, () => 'x'),
      names: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`n${index}`, 1])),
      long: 'y'.repeat(1_000_000),
      much: Array.from({ length: 40 }, () => 'z'.repeat(10_000)),
    }),
  );
  expect(text.length).toBeLessThan(50_000);
  expect(text).toContain('[too deep]');
  expect(text).toContain('[too much]');
});

test('anything at all can be logged: nothing throws, and what is kept is bounded', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string(),
        fc.anything({
          withBigInt: true,
          withMap: true,
          withSet: true,
          withDate: true,
          withNullPrototype: true,
          withTypedArray: true,
          withSparseArray: true,
        }),
      ),
      (fields) => {
        expect(JSON.stringify(redactFields(fields)).length).toBeLessThan(100_000);
      },
    ),
    { numRuns: 500 },
  );
});

test('a secret is hidden at any depth, by the name above it or by its own shape', () => {
  const secret = 'Zq9hidden';
  const leaf = fc.constantFrom<unknown>(
    { password: secret },
    { 'x-api-key': [secret] },
    { note: `Bearer ${secret}` },
    { url: `https://host/?sig=${secret}` },
    { failure: new Error(`AccountKey=${secret};`, { cause: new Error(`see https://u:${secret}@host`) }) },
    [{ credentials: { user: secret } }],
    new Map([['token', secret]]),
  );
  const nested = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'order', 'list', 'detail'), tie('node'), { maxKeys: 3 }),
    ),
  })).node;
  fc.assert(
    fc.property(nested, (value) => {
      expect(JSON.stringify(redactFields({ value }))).not.toContain(secret);
    }),
    { numRuns: 500 },
  );
});
