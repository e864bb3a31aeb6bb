import { type Row, workspaceFunctions } from '../application-insights/index.ts';
import { tables } from '../application-insights/tables.ts';
import { openTables } from '../application-insights/workspace/open-tables.ts';
import { storedTable } from '../application-insights/workspace/table-definition.ts';
import { createEngine, type KqlResult } from './index.ts';

/** The columns of a row that a test says itself. `minutesAgo` counts from the clock of the queries. */
export interface WrittenColumns {
  readonly minutesAgo: number;
  readonly [column: string]: unknown;
}

const MINUTE_MS = 60_000;

/** Writers of rows as the service's telemetry makes them, each with the columns that rules ask for. */
export function azureRows(now: Date) {
  const row =
    (Type: Row['Type'], usual: object = {}) =>
    ({ minutesAgo, ...columns }: WrittenColumns): Row => ({
      Type,
      TimeGenerated: new Date(now.getTime() - minutesAgo * MINUTE_MS).toISOString(),
      ...usual,
      ...columns,
    });
  const item = { AppRoleName: 'app', ItemCount: 1 };
  return {
    request: row('AppRequests', { ...item, Name: 'POST /parcels', ResultCode: '202', Success: true, DurationMs: 10 }),
    dependency: row('AppDependencies', { ...item, DependencyType: 'HTTP', Target: 'depot.example', Success: true }),
    exception: row('AppExceptions', { ...item, ExceptionType: 'TypeError', Method: 'handle' }),
    trace: row('AppTraces', item),
    event: row('AppEvents', item),
    metric: row('AppMetrics', item),
    systemLog: row('ContainerAppSystemLogs', { ContainerAppName: 'app', Reason: 'ContainerTerminated' }),
    usage: row('Usage', { IsBillable: true, DataType: 'AppTraces' }),
    security: row('ServiceSecurity_CL', { Service: 'app', Calls: 1 }),
    activity: row('AzureActivity', { ActivityStatusValue: 'Success', ResourceGroup: 'RG-DEV' }),
    operation: row('Operation', { OperationCategory: 'Ingestion' }),
  };
}

/** The same row several times. */
export const times = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row);

export interface QueriedRows {
  /** Runs a query on these rows and on no others. */
  run(query: string, rows: readonly Row[]): Promise<KqlResult>;
  close(): Promise<void>;
}

/** The tables of a workspace in memory, and a clock that stands still. */
export async function openQueriedRows(now: Date): Promise<QueriedRows> {
  const bounds = { maxAgeDays: 30, maxBytes: 100_000_000 };
  const opened = await openTables({ schema: tables, file: undefined, memoryLimitMb: 400, bounds, now: () => now });
  const connection = await opened.database.connect();
  const engine = createEngine({
    tables: { schema: tables, connection: opened.database.connect },
    functions: workspaceFunctions(),
    now: () => now,
  });
  let written = new Set<Row['Type']>();
  return {
    async run(query, rows) {
      for (const table of written) await connection.run(`DELETE FROM ${storedTable(table)}`);
      written = new Set(rows.map(({ Type }) => Type));
      await opened.add(rows);
      return engine.run(query);
    },
    async close() {
      engine.close();
      connection.closeSync();
      await opened.stop();
    },
  };
}
