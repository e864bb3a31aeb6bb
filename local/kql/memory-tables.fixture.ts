import { DuckDBInstance } from '@duckdb/node-api';
import { createTableSql } from './create-table-sql.ts';
import type { KqlTables } from './engine.ts';
import type { KqlSchema } from './language/analyze.ts';

/** Tables in memory, empty until SQL fills them. */
export async function memoryTables(
  schema: KqlSchema,
  fill: readonly string[] = [],
): Promise<KqlTables & { close(): void }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await instance.connect();
  const tables = Object.entries(schema).map(([name, columns]) => createTableSql(name, columns));
  for (const sql of [...tables, ...fill]) await connection.run(sql);
  connection.closeSync();
  return { schema, connection: () => instance.connect(), close: () => instance.closeSync() };
}
