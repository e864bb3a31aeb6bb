import type { DuckDBConnection } from '@duckdb/node-api';
import { createAnalyzer, type KqlFunctions, type KqlSchema } from './language/analyze.ts';
import { type KqlValue, readCell } from './read-rows.ts';
import { runSql } from './run-sql.ts';
import { createMacros } from './sql-macros.ts';
import { withClock } from './sql-text.ts';
import { ticksOfDate } from './ticks.ts';
import { type Translation, translate } from './translate.ts';

/** Where tables are: each as a table of DuckDB with its name of Azure and the physical types of `physicalTypes`. */
export interface KqlTables {
  /** A connection of its own for each call; the engine closes it. */
  connection(): Promise<DuckDBConnection>;
  readonly schema: KqlSchema;
}

export interface KqlResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Readonly<Record<string, KqlValue>>[];
}

export interface KqlEngine {
  /** Runs a query. Throws `KqlError` or `KqlUnsupported`. */
  run(text: string): Promise<KqlResult>;
  /** The query in DuckDB's SQL, as `run` would send it now. Throws as `run` does. */
  translate(text: string): { readonly sql: string; readonly columns: Translation['columns'] };
  close(): void;
}

/** How many translations are kept: more than the rules and dashboards of one project. */
const KEPT = 500;

/** The settings and functions that translations rely on, for one connection. */
async function prepare(connection: DuckDBConnection): Promise<DuckDBConnection> {
  for (const sql of ['SET ieee_floating_point_ops = true', "SET TimeZone = 'UTC'", ...createMacros])
    await connection.run(sql);
  return connection;
}

/**
 * Runs KQL on tables in DuckDB. `now` is the clock of `now()` and `ago()`: a translation is kept by its text and runs again
 * with another time. `limits.seconds` ends a query, `limits.rows` bounds what it makes from nothing (`range`,
 * `make-series`); memory is bounded by the store's own `memory_limit`.
 */
export function createEngine({
  tables,
  functions = {},
  now = () => new Date(),
  limits = {},
}: {
  tables: KqlTables;
  /** Functions of the workspace by name, each the text of a query: `_LogOperation` is one in Azure. */
  functions?: KqlFunctions;
  now?: () => Date;
  limits?: { seconds?: number; rows?: number };
}): KqlEngine {
  const { seconds = 30, rows = 5_000_000 } = limits;
  // Loading the language service takes half a second, which is the first query's to wait for.
  let analyze: ReturnType<typeof createAnalyzer> | undefined;
  const kept = new Map<string, Translation>();
  const idle: DuckDBConnection[] = [];
  let closed = false;

  const translated = (text: string): Translation => {
    const found = kept.get(text);
    kept.delete(text);
    analyze ??= createAnalyzer(tables.schema, functions);
    const made = found ?? translate(analyze(text), tables.schema, { rows });
    kept.set(text, made);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return made;
  };
  const current = (text: string) => {
    const { sql, columns } = translated(text);
    return { sql: withClock(sql, ticksOfDate(now())), columns };
  };

  return {
    translate: current,
    async run(text) {
      if (closed) throw new Error('The KQL engine is closed.');
      const { sql, columns } = current(text);
      const connection = idle.pop() ?? (await prepare(await tables.connection()));
      try {
        const found = await runSql(connection, sql, { seconds, text });
        const read = (row: readonly Parameters<typeof readCell>[0][]) =>
          Object.fromEntries(columns.map(({ name, type }, at) => [name, readCell(row[at] ?? null, type)]));
        return { columns, rows: found.map(read) };
      } finally {
        if (closed) connection.closeSync();
        else idle.push(connection);
      }
    },
    close() {
      closed = true;
      for (const connection of idle.splice(0)) connection.closeSync();
    },
  };
}
