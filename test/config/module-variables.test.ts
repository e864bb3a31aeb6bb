import { expect, test } from 'vitest';
import { z } from 'zod';
import { settingRows } from '../../src/config/settings.ts';
import { registry } from '../../src/observability/registry.ts';
import { faultsOf, load, manifests } from './fixtures.ts';

const [first, ...others] = manifests;
const row = {
  meaning: 'How deep.',
  allowed: 'a digit',
  default: '3',
  schema: z.string().regex(/^\d$/).transform(Number),
};
const withVariable = { manifests: [{ ...first, variables: { PROBE_DEPTH: row } }, ...others] as typeof manifests };

test('a variable of a module is read with its row, also while the module is off', () => {
  expect(load({ level: 1 }, {}, withVariable).variables).toEqual({ PROBE_DEPTH: 3 });
  const off = { level: 1, modules: { remove: ['traces'] } };
  expect(load(off, { PROBE_DEPTH: ' 5 ' }, withVariable).variables).toEqual({ PROBE_DEPTH: 5 });
  expect(faultsOf({ level: 1 }, { PROBE_DEPTH: 'deep' }, withVariable)).toEqual([
    'PROBE_DEPTH: found "deep"; allowed: a digit',
  ]);
});

test('a misspelt variable of a module is noticed', () => {
  expect(load({ level: 1 }, { PROBES_DEPTH: '5' }, withVariable).notices).toEqual([
    'PROBES_DEPTH is set and nothing reads it; did you mean PROBE_DEPTH?',
  ]);
});

const real = Object.assign({}, ...registry.map(({ manifest }) => manifest.variables));
const guid = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';

/** For every variable of a module a text that is allowed, and one that is not. */
const texts: Record<string, [allowed: string, refused: string]> = {
  PERSONAL_DATA_KEY: ['k'.repeat(32), 'short'],
  QUEUE_READER_CLIENT_ID: [guid, 'me'],
  SERVICEBUS_ADMIN_URL: ['http://127.0.0.1:1', 'http://10.0.0.1'],
  SECURITY_LOGS_ENDPOINT: ['https://logs.example.com', 'http://logs.example.com'],
  SECURITY_LOGS_RULE: ['dcr-0a1b2c3d', 'rule'],
  MAX_REPLICAS: ['13', '0'],
  SERVICEBUS_FALLBACK_NAMESPACE: ['other.servicebus.windows.net', 'other'],
};

test.each(Object.keys(real))('%s takes what it allows and nothing else', (name) => {
  const [allowed = '', refused = ''] = texts[name] ?? [];
  const options = { manifests: registry.map(({ manifest }) => manifest) };
  expect(String(load({ level: 1 }, { [name]: allowed }, options).variables[name])).toBe(allowed);
  const found = real[name].secret ? '(hidden)' : JSON.stringify(refused);
  expect(faultsOf({ level: 1 }, { [name]: refused }, options)).toEqual([
    `${name}: found ${found}; allowed: ${real[name].allowed}`,
  ]);
  expect(Object.keys(settingRows)).not.toContain(name);
});
