import { DuckDBInstance } from '@duckdb/node-api';
import type { KqlTables } from './engine.ts';
import type { KqlSchema } from './language/analyze.ts';
import { physicalTypes } from './physical-types.ts';
import { columnIds } from './relation.ts';
import { isKqlType } from './sql-expression.ts';
import { quoteName } from './sql-text.ts';

/** Tables in memory, empty until SQL fills them. */
export async function memoryTables(
  schema: KqlSchema,
  fill: readonly string[] = [],
): Promise<KqlTables & { close(): void }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await instance.connect();
  for (const [name, columns] of Object.entries(schema)) {
    const ids = columnIds(Object.keys(columns));
    const list = Object.values(columns).map((type, at) => {
      const physical = isKqlType(type) ? physicalTypes[type] : type;
      return `${quoteName(ids[at] ?? '')} ${physical}${type === 'string' ? " NOT NULL DEFAULT ''" : ''}`;
    });
    await connection.run(`CREATE TABLE ${quoteName(name)} (${list.join(', ')})`);
  }
  for (const sql of fill) await connection.run(sql);
  connection.closeSync();
  return { schema, connection: () => instance.connect(), close: () => instance.closeSync() };
}
