import type { DashboardParts } from '../dashboard-parts.ts';
import { numberOf, textOf } from './kql-text.ts';

type Run = Pick<DashboardParts['kql'], 'run'>;

/** How many rows each of these tables holds. */
export async function countRows({ run }: Run, tables: readonly string[]): Promise<Map<string, number>> {
  const facts = await readTables({ run }, tables);
  return new Map([...facts].map(([table, { rows }]) => [table, rows]));
}

/** How many rows each of these tables holds, and the time of its newest. */
export async function readTables(
  { run }: Run,
  tables: readonly string[],
): Promise<Map<string, { rows: number; newest: string | null }>> {
  if (tables.length === 0) return new Map();
  const each = tables.map(
    (table) => `(${table} | summarize rows = count(), newest = max(TimeGenerated) | extend tableName = "${table}")`,
  );
  const { rows } = await run(`union ${each.join(', ')}`);
  return new Map(
    rows.map((row) => [textOf(row.tableName), { rows: numberOf(row.rows), newest: textOf(row.newest) || null }]),
  );
}
