import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, INTEGER } from '@duckdb/node-api';
import { createTableSql, type KqlTables } from '../../kql/index.ts';
import { ticksOfDate } from '../../kql/ticks.ts';
import { beginsAt, routes } from '../world/account.ts';
import { columns, eventOf, events, otherFingerprint, type RowColumns } from './row-columns.ts';

export const tableName = 'ServiceSecurity_CL';

/** As the contract of the module says. */
export const tableColumns = {
  TimeGenerated: 'datetime',
  Event: 'string',
  Service: 'string',
  Instance: 'string',
  Version: 'string',
  Level: 'int',
  Region: 'string',
  Route: 'string',
  Fingerprint: 'string',
  Caller: 'string',
  Client: 'string',
  Actor: 'string',
  Source: 'string',
  Producer: 'string',
  Reason: 'string',
  Identity: 'string',
  Calls: 'long',
  Callers: 'long',
  Bytes: 'long',
} as const;

const honest = 'honest_rows';
const added = 'added_rows';
const numbers = 'numbers';
const rowsOfChunk = 2_048;

export type SecurityTable = Awaited<ReturnType<typeof openSecurityTable>>;

/**
 * The table of the security workspace in memory: rows that stay, and rows that are changed for each cell. `key` salts the ids, as the
 * service's HMAC key does.
 */
export async function openSecurityTable(key: string, threads = 1) {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads), memory_limit: '2GB' });
  const connection = await instance.connect();
  for (const table of [honest, added]) await connection.run(createTableSql(table, tableColumns));
  await connection.run(
    `${viewUntil(undefined)};
     CREATE TABLE ${numbers} (${columns.map((name) => `"${name}" INTEGER`).join(', ')})`,
  );
  const fill = async (table: string, rows: RowColumns): Promise<void> => {
    await connection.run(`DELETE FROM ${table}`);
    await appendNumbers(connection, rows);
    await connection.run(`INSERT INTO ${table} BY NAME ${selectRows(key)}`);
    await connection.run(`DELETE FROM ${numbers}`);
  };
  const tables: KqlTables = { schema: { [tableName]: tableColumns }, connection: () => instance.connect() };
  return {
    tables,
    /** Rows that stay for all cells. */
    keep: (rows: RowColumns) => fill(honest, rows),
    /** Instead of those that were added before. */
    change: (rows: RowColumns) => fill(added, rows),
    /** Hides what comes later; undefined shows all. */
    showUntil: async (at: Date | undefined): Promise<void> => void (await connection.run(viewUntil(at))),
    async ask(sql: string) {
      return (await connection.runAndReadAll(sql)).getRows();
    },
    close(): void {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const viewUntil = (at: Date | undefined): string => {
  const shown = at === undefined ? '' : ` WHERE "TimeGenerated" <= ${ticksOfDate(at)}`;
  return `CREATE OR REPLACE VIEW "${tableName}" AS SELECT * FROM ${honest}${shown} UNION ALL SELECT * FROM ${added}${shown}`;
};

async function appendNumbers(connection: DuckDBConnection, rows: RowColumns): Promise<void> {
  const appender = await connection.createAppender(numbers);
  for (let from = 0; from < rows.length(); from += rowsOfChunk) {
    const chunk = DuckDBDataChunk.create(columns.map(() => INTEGER));
    chunk.setColumns(columns.map((_, at) => Array.from(rows.values(at, from, from + rowsOfChunk))));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** As an HMAC looks, of what it was made and whose is not to be seen. */
export const idSql = (key: string, kind: 'fingerprint' | 'caller', number: string): string =>
  `md5('${key} ${kind} ' || ${number})`;

function selectRows(key: string): string {
  const named = (names: readonly string[], at: string) =>
    `CASE ${at} ${names.map((name, index) => `WHEN ${index} THEN '${name}'`).join(' ')} ELSE '' END`;
  const begin = ticksOfDate(new Date(beginsAt));
  return `SELECT ${begin} + minute::BIGINT * 600000000 - CASE event WHEN ${eventOf.trafficShape} THEN 10000 ELSE 0 END AS TimeGenerated, ${named(events, 'event')} AS Event,
    'api' AS Service, 'api-' || process AS Instance, '1.0.0' AS Version, 5 AS Level, ${named(routes, 'route')} AS Route,
    CASE fingerprint WHEN ${otherFingerprint} THEN 'other' ELSE ${idSql(key, 'fingerprint', 'fingerprint')} END AS Fingerprint,
    CASE caller WHEN -1 THEN '' ELSE ${idSql(key, 'caller', 'caller')} END AS Caller,
    CASE caller WHEN -1 THEN '' ELSE 'web' END AS Client,
    calls AS Calls, callers AS Callers, bytes AS Bytes FROM ${numbers}`;
}
