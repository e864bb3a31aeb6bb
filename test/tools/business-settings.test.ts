import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { businessSettingsFiles, deployedSettings } from '../../tools/generate/business-settings.ts';
import fixtureSettings from '../fixture-business/business-settings.json' with { type: 'json' };
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
const paths = ['infra/main.bicepparam', '.github/workflows/azure-dev.yml', 'docs/guides/deploy.md'];

async function generated(given: Parameters<typeof deployedSettings>[0]): Promise<Map<string, string>> {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), readFileSync(join(root, path)));
  }
  const files = businessSettingsFiles(folder, given);
  return new Map(await Promise.all(files.map(async ({ path, text: read }) => [path, await read()] as const)));
}

test('the predictions are made with the variables of the business of the tests', () => {
  expect(fixtureSettings).toEqual(deployedSettings(businesses));
});

test('one row of a business is a parameter, a variable of the pipeline and, when it is required, a line of the guide', async () => {
  const files = await generated([orders]);
  expect(JSON.parse(files.get('infra/workload/business-settings.json') ?? '')).toEqual({
    ORDERS_LIMIT: { required: false },
    ORDERS_NOTE: { required: false },
    ORDERS_URL: { required: true },
  });
  for (const name of Object.keys(orders.settings)) {
    expect(files.get('infra/main.bicepparam')).toContain(`  ${name}: readEnvironmentVariable('${name}', '')\n`);
    expect(files.get('.github/workflows/azure-dev.yml')).toContain(`      ${name}: \${{ vars.${name} }}\n`);
  }
  expect(files.get('docs/guides/deploy.md')).toContain('```sh\nazd env set ORDERS_URL <value>\n```\n');
  expect(files.get('docs/guides/deploy.md')).not.toContain('ORDERS_NOTE');
});

test('without variables there is nothing to set, and a file without the marks is left alone', async () => {
  const files = await generated([{ name: 'orders' }]);
  expect(files.get('infra/main.bicepparam')).toContain('param settings = {}\n');
  expect(files.get('docs/guides/deploy.md')).toContain('declares no variable that it requires');
  writeFileSync(join(folder, 'docs/guides/deploy.md'), 'our own guide');
  const guide = businessSettingsFiles(folder, [orders]).find(({ path }) => path.endsWith('deploy.md'));
  expect(await guide?.text()).toBe('our own guide');
});
