import type { DuckDBConnection } from '@duckdb/node-api';
import type { KqlFunctions, KqlSchema } from './language/analyze.ts';
import type { KqlCompletions } from './language/complete.ts';
import { openLanguage } from './language-thread.ts';
import { type KqlValue, readCell } from './read-rows.ts';
import { runSql } from './run-sql.ts';
import { createMacros } from './sql-macros.ts';
import { withClock } from './sql-text.ts';
import { ticksOfDate } from './ticks.ts';
import type { Translation } from './translate.ts';

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
  translate(text: string): Promise<{ readonly sql: string; readonly columns: Translation['columns'] }>;
  /** What may stand at a place of a query, as Microsoft's language service offers it. */
  complete(text: string, position: number): Promise<KqlCompletions>;
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
  const language = openLanguage({ schema: tables.schema, functions, rows });
  const kept = new Map<string, Promise<Translation>>();
  const idle: DuckDBConnection[] = [];
  let closed = false;

  const translated = (text: string): Promise<Translation> => {
    const found = kept.get(text);
    kept.delete(text);
    const made = found ?? language.translate(text);
    kept.set(text, made);
    if (!found) made.catch(() => kept.delete(text));
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return made;
  };
  const current = async (text: string) => {
    const at = ticksOfDate(now());
    const { sql, columns } = await translated(text);
    return { sql: withClock(sql, at), columns };
  };

  return {
    translate: current,
    complete: language.complete,
    async run(text) {
      if (closed) throw new Error('The KQL engine is closed.');
      const { sql, columns } = await current(text);
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
      language.close();
      for (const connection of idle.splice(0)) connection.closeSync();
    },
  };
}
