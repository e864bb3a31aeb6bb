import { levels } from '../../../src/observability/levels.ts';
import { registry } from '../../../src/observability/registry.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import type { AskedRange } from './asked-range.ts';
import type { QueryResult } from './contract.ts';
import { numberOf } from './kql-text.ts';

/** The module without which a table of this service stays empty. */
const filledBy: Readonly<Record<string, { module: string; rows: string }>> = {
  AppEvents: { module: 'custom-events', rows: 'Custom events' },
};

/** The level that brings a table its first rows; undefined where each level does, or none. */
export function levelOfTable(table: string): number | undefined {
  const module = filledBy[table]?.module;
  const level = registry.find(({ manifest }) => manifest.name === module)?.manifest.level;
  return typeof level === 'number' ? level : undefined;
}

/** Why a query may have answered no row, in a sentence, and what would help. */
export async function reasonOfNothing(
  { kql, service }: Pick<DashboardParts, 'kql' | 'service'>,
  {
    used,
    counts,
    range,
  }: { used: readonly string[]; counts: ReadonlyMap<string, number>; range: AskedRange | undefined },
): Promise<NonNullable<QueryResult['empty']>> {
  const { level } = service.facts();
  for (const table of used) {
    const from = levelOfTable(table);
    if (counts.get(table) !== 0) continue;
    if (from === undefined || from <= level)
      return { reason: `${table} is empty: nothing has been written to it yet.` };
    const name = levels[from as keyof typeof levels]?.name ?? '';
    const reason = `${table} is empty because the service runs at level ${level}. ${filledBy[table]?.rows} arrive from level ${from} (${name}).`;
    return { reason, seeLevel: from };
  }
  const [table] = used;
  if (table !== undefined && range !== undefined) {
    const { rows } = await kql.run(`${table}\n| where ${range.condition}\n| count`);
    const held = counts.get(table) ?? 0;
    if (numberOf(rows[0]?.Count) === 0)
      return { reason: `${table} has ${held.toLocaleString('en')} rows, none in this time range.`, useRange: '24h' };
  }
  return { reason: 'No row fits the conditions of the query.' };
}
