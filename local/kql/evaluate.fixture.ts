import { createEngine, type KqlEngine } from './engine.ts';
import type { KqlSchema } from './language/analyze.ts';
import { memoryTables } from './memory-tables.fixture.ts';
import type { KqlValue } from './read-rows.ts';

export const someNow = new Date('2026-03-01T12:30:45.123Z');

export interface TestedEngine {
  readonly engine: KqlEngine;
  /** The one value of an expression. */
  value(expression: string): Promise<KqlValue | undefined>;
  /** Rows as lists of cells. */
  rows(query: string): Promise<KqlValue[][]>;
  /** Rows of hand-written SQL on the same tables. */
  sql(text: string): Promise<unknown[][]>;
  /** The names of the columns. */
  names(query: string): Promise<string[]>;
  close(): void;
}

/** An engine on tables in memory, with a clock that stands still. */
export async function testedEngine(schema: KqlSchema = {}, fill: readonly string[] = []): Promise<TestedEngine> {
  const tables = await memoryTables(schema, fill);
  const connection = await tables.connection();
  const engine = createEngine({ tables, now: () => someNow, limits: { seconds: 120 } });
  const run = async (query: string) => {
    const { columns, rows } = await engine.run(query);
    return { columns, cells: rows.map((row) => columns.map(({ name }) => row[name] ?? null)) };
  };
  return {
    engine,
    value: async (expression) => (await run(`print ${expression}`)).cells[0]?.[0],
    sql: async (text) => (await connection.runAndReadAll(text)).getRowsJS() as unknown[][],
    rows: async (query) => (await run(query)).cells,
    names: async (query) => (await run(query)).columns.map(({ name }) => name),
    close() {
      engine.close();
      connection.closeSync();
      tables.close();
    },
  };
}
