import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from './evaluate.fixture.ts';
import type { KqlSchema } from './language/analyze.ts';
import { filled, readRepositoryQueries } from './repository-queries.fixture.ts';

const schemaFile = join(import.meta.dirname, '../../infra/observability/log-analytics-schema.json');

async function readSchema(): Promise<KqlSchema> {
  const { tables } = JSON.parse(await readFile(schemaFile, 'utf8')) as {
    tables: Record<string, { columns: { name: string; type: string }[] }>;
  };
  const columns = ({ columns: all }: { columns: { name: string; type: string }[] }) =>
    Object.fromEntries(all.map(({ name, type }) => [name, type]));
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, columns(table)]));
}

const [schema, queries] = await Promise.all([readSchema(), readRepositoryQueries()]);
let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine(schema);
});
afterAll(() => kql.close());

test('there are queries', () => {
  expect(queries.length).toBeGreaterThan(10);
});

test.each(queries)('$name runs', async ({ text }) => {
  const { columns } = await kql.engine.run(filled(text));
  expect(columns.length).toBeGreaterThan(0);
});
