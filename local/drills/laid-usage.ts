import type { DuckDBConnection } from '@duckdb/node-api';
import type { Tables } from '../application-insights/index.ts';
import { securityTable } from '../application-insights/security-logs/uploaded-rows.ts';
import { PLACE, storedColumns, storedTable } from '../application-insights/workspace/table-definition.ts';
import { quoteName, quoteText } from '../kql/sql-text.ts';
import { TICKS } from '../kql/ticks.ts';

/** Azure counts neither of the first two, and the third lies in another workspace. */
const notCounted = new Set(['Usage', 'Operation', securityTable]);

/**
 * Makes the table `Usage` hold what the laid rows amount to, by table and hour, as Azure writes it once an hour. Call it when the
 * other tables are laid.
 */
export async function layUsage(connection: DuckDBConnection, schema: Tables): Promise<void> {
  const counted = Object.entries(schema).filter(
    ([table, columns]) => '_BilledSize' in columns && !notCounted.has(table),
  );
  const sizes = counted.map(
    ([table]) =>
      `SELECT ${quoteText(table)} AS data_type, p.stretch, sum(c."_BilledSize") AS bytes
       FROM ${storedTable(table)} c JOIN drill.placed p ON p.place = c.${quoteName(PLACE)} GROUP BY ALL`,
  );
  const hour = TICKS.hour;
  await connection.run(`CREATE TABLE drill.usage AS
    SELECT data_type, (k.begins // ${hour}) * ${hour} AS hour, sum(z.bytes * k.weight) / 1e6 AS megabytes
    FROM (${sizes.join(' UNION ALL ')}) z JOIN drill.copies k ON k.stretch = z.stretch GROUP BY ALL`);
  const values: Readonly<Record<string, string>> = {
    TimeGenerated: `hour + ${hour}`,
    Type: `'Usage'`,
    DataType: 'data_type',
    StartTime: 'hour',
    EndTime: `hour + ${hour}`,
    Quantity: 'megabytes',
    QuantityUnit: `'MBytes'`,
    IsBillable: 'true',
  };
  const columns = storedColumns(schema.Usage).map(({ name, type, identifier }) => {
    const value = values[name] ?? (type === 'string' ? `''` : 'NULL');
    return `${value} AS ${quoteName(identifier)}`;
  });
  await connection.run(`CREATE OR REPLACE VIEW "Usage" AS SELECT ${columns.join(', ')} FROM drill.usage
    WHERE hour + ${hour} <= (SELECT until FROM drill.moment)`);
}
