import type { DashboardParts } from '../dashboard-parts.ts';
import type { ApiRoutes } from './api-router.ts';
import type { TableSchema } from './contract.ts';
import { levelOfTable } from './empty-result.ts';
import { readTables } from './table-rows.ts';

/** The tables with their columns, and how full they are. */
export function schemaRoutes({ kql, telemetry }: Pick<DashboardParts, 'kql' | 'telemetry'>): ApiRoutes {
  const { schema } = telemetry.workspace;
  return {
    'GET schema': async () => {
      const held = await readTables(kql, Object.keys(schema));
      const data: TableSchema = {
        tables: Object.entries(schema).map(([name, columns]) => {
          const fromLevel = levelOfTable(name);
          return {
            name,
            rows: held.get(name)?.rows ?? 0,
            newest: held.get(name)?.newest ?? null,
            ...(fromLevel !== undefined && { fromLevel }),
            columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
          };
        }),
      };
      return { data };
    },
  };
}
