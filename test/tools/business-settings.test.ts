import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { businessFiles, deployedSettings, deployedWork } from '../../tools/generate/business-settings-files.ts';
import fixtureSettings from '../fixture-business/business-settings.json' with { type: 'json' };
import fixtureWork from '../fixture-business/businesses.json' with { type: 'json' };
import { businesses } from '../fixture-business/index.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'settings ü '));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = { meaning: 'A text.', allowed: 'a text', schema: z.string() };
const orders = {
  name: 'orders',
  settings: {
    ORDERS_URL: text,
    ORDERS_LIMIT: { ...text, default: '5' },
    ORDERS_NOTE: { ...text, schema: z.string().optional() },
  },
};
const paths = ['azure.yaml', 'infra/app.bicepparam', '.github/workflows/azure-dev.yml', 'docs/guides/deploy.md'];

async function generated(given: Parameters<typeof deployedSettings>[0]): Promise<Map<string, string>> {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), readFileSync(join(root, path)));
  }
  const files = businessFiles(folder, given);
  return new Map(await Promise.all(files.map(async ({ path, text: read }) => [path, await read()] as const)));
}

test('the predictions are made with the variables and the work of the business of the tests', () => {
  expect(fixtureSettings).toEqual(deployedSettings(businesses));
  expect(fixtureWork).toEqual(deployedWork(businesses));
});

const sends = ['orders'];
const handlers = { orders: () => undefined };
const routes = () => undefined;
const start = () => undefined;
test.each([
  ['nothing', [], { routes: false, handlers: false, apiSends: false, workerSends: false }],
  ['routes that do not send', [{ routes }], { routes: true, handlers: false, apiSends: false, workerSends: false }],
  ['routes that send', [{ routes, sends }], { routes: true, handlers: false, apiSends: true, workerSends: false }],
  [
    'handlers that do not send',
    [{ handlers, sends: [] }],
    { routes: false, handlers: true, apiSends: false, workerSends: false },
  ],
  ['handlers that send', [{ handlers, sends }], { routes: false, handlers: true, apiSends: false, workerSends: true }],
  [
    'routes of one business that send, handlers of another that do not',
    [{ routes, sends }, { handlers }],
    { routes: true, handlers: true, apiSends: true, workerSends: false },
  ],
  [
    'a timer that sends, in both roles',
    [{ start, sends, handlers: {} }],
    { routes: false, handlers: false, apiSends: true, workerSends: true },
  ],
])('the roles of Service Bus follow from what businesses do: %s', (_what, given, expected) => {
  const named = given.map((business, index) => ({ name: `business-${index}`, ...business }));
  expect(deployedWork(named)).toEqual(expected);
});

test('one row of a business is a parameter, a variable of the pipeline and, when it is required, a command of the guide', async () => {
  const files = await generated([orders]);
  expect(JSON.parse(files.get('infra/workload/business-settings.json') ?? '')).toEqual({
    ORDERS_LIMIT: { required: false },
    ORDERS_NOTE: { required: false },
    ORDERS_URL: { required: true },
  });
  for (const name of Object.keys(orders.settings)) {
    expect(files.get('infra/app.bicepparam')).toContain(`  ${name}: readEnvironmentVariable('${name}', '')\n`);
    expect(files.get('.github/workflows/azure-dev.yml')).toContain(`\n  ${name}: \${{ vars.${name} }}\n`);
    expect(files.get('azure.yaml')).toContain(`\n    - ${name}\n`);
  }
  expect(files.get('docs/guides/deploy.md')).toContain('```sh\nazd env set ORDERS_URL <value>\n```\n');
  expect(files.get('docs/guides/deploy.md')).toContain(
    '\nOptional, by `azd env set` too: `ORDERS_LIMIT`, `ORDERS_NOTE`. ',
  );
});

test('without variables there is nothing to set, and a file without the marks is left alone', async () => {
  const files = await generated([{ name: 'orders' }]);
  expect(files.get('infra/app.bicepparam')).toContain('param settings = {}\n');
  expect(files.get('azure.yaml')).toContain('  variables: []\n');
  expect(files.get('docs/guides/deploy.md')).toMatch(/-->\nNo business requires a variable\.\n<!--/);
  writeFileSync(join(folder, 'docs/guides/deploy.md'), 'our own guide');
  const guide = businessFiles(folder, [orders]).find(({ path }) => path.endsWith('deploy.md'));
  expect(await guide?.text()).toBe('our own guide');
});
