import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import schema from '../../../infra/observability/log-analytics-schema.json' with { type: 'json' };
import { createKqlChecker } from '../../../tools/bicep/check-kql.ts';

test('the function over Operation is valid and has the columns by which queries are checked', async () => {
  const text = await readFile(join(import.meta.dirname, 'log-operation.kql'), 'utf8');
  const { faults, columns } = createKqlChecker(schema)(text);
  expect(faults).toEqual([]);
  expect(columns).toEqual(schema.tables._LogOperation.columns);
});
