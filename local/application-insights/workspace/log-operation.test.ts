import { expect, test } from 'vitest';
import schema from '../../../infra/observability/log-analytics-schema.json' with { type: 'json' };
import { createKqlChecker } from '../../../tools/bicep/check-kql.ts';
import { createEngine } from '../../kql/index.ts';
import { tables } from '../tables.ts';
import { openWorkspace } from './workspace.ts';
import { workspaceFunctions } from './workspace-functions.ts';

test('the function over Operation is valid and has the columns by which queries are checked', () => {
  const { faults, columns } = createKqlChecker(schema)(workspaceFunctions()._LogOperation);
  expect(faults).toEqual([]);
  expect(columns).toEqual(schema.tables._LogOperation.columns);
});

test('a query finds in _LogOperation what happened to the collection of data', async () => {
  const row = (OperationCategory: string, Detail: string) => ({
    Type: 'Operation' as const,
    TimeGenerated: '2026-03-01T12:00:00.0000000Z',
    OperationCategory,
    OperationStatus: 'Warning',
    Detail,
  });
  const workspace = await openWorkspace(tables, {
    earlier: () => [row('Data Collection Status', 'OverQuota'), row('Agent', 'upgraded')],
    now: () => new Date('2026-03-01T12:30:00Z'),
  });
  const engine = createEngine({ tables: workspace, functions: workspaceFunctions() });
  try {
    const { rows } = await engine.run('_LogOperation | where Category =~ "Ingestion" | project Level, Detail');
    expect(rows).toEqual([{ Level: 'Warning', Detail: 'OverQuota' }]);
  } finally {
    engine.close();
    await workspace.stop();
  }
});
