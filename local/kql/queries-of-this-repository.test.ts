import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from './evaluate.fixture.ts';
import type { KqlSchema } from './language/analyze.ts';

const root = join(import.meta.dirname, '..', '..');
const observability = join(root, 'infra', 'observability');

/** What Bicep writes in the place of a name in double braces, with the defaults. */
async function filler(): Promise<(query: string) => string> {
  const defaults = JSON.parse(await readFile(join(observability, 'defaults.json'), 'utf8'));
  return (query) =>
    query.replaceAll(/\{\{(\w+)\.(\w+)\}\}/g, (name, section, key) => {
      if (name === '{{service.roles}}') return '"app"';
      if (name === '{{queues.duplicateWindow}}') return "case(isempty(source), 1s, source == 'parcels', 10m + 0s, 1s)";
      return String(defaults[section][key]);
    });
}

async function readSchema(): Promise<KqlSchema> {
  const { tables } = JSON.parse(await readFile(join(observability, 'log-analytics-schema.json'), 'utf8')) as {
    tables: Record<string, { columns: { name: string; type: string }[] }>;
  };
  const columns = ({ columns: all }: { columns: { name: string; type: string }[] }) =>
    Object.fromEntries(all.map(({ name, type }) => [name, type]));
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, columns(table)]));
}

async function readQueries(): Promise<[name: string, query: string][]> {
  const found: [string, string][] = [];
  for await (const file of glob('infra/observability/**/*.kql', { cwd: root }))
    found.push([file, await readFile(join(root, file), 'utf8')]);
  for await (const file of glob('docs/**/*.md', { cwd: root })) {
    const text = await readFile(join(root, file), 'utf8');
    for (const [, query = ''] of text.matchAll(/```(?:kusto|kql)\n([\s\S]*?)```/g))
      found.push([`${file}: ${query.trim().split('\n')[0]}`, query]);
  }
  return found;
}

const [schema, fill, queries] = await Promise.all([readSchema(), filler(), readQueries()]);
let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine(schema);
});
afterAll(() => kql.close());

test('there are queries', () => {
  expect(queries.length).toBeGreaterThan(10);
});

test.each(queries)('%s runs', async (_name, query) => {
  const { columns } = await kql.engine.run(fill(query));
  expect(columns.length).toBeGreaterThan(0);
});
