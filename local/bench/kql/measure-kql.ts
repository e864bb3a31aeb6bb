import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine, createTableSql } from '../../kql/index.ts';
import { ticksOfDate } from '../../kql/ticks.ts';
import { median } from '../statistics.ts';
import { alertQueries } from './alert-queries.ts';
import { benchSchema, fillSql } from './telemetry-rows.ts';

/** One query, beside what a person would have written. All times are milliseconds. */
export interface KqlMeasured {
  name: string;
  rows: number;
  translated: number;
  written: number;
  /** Parsing, binding and translating the first time; then the translation is kept. */
  translation: number;
  holds: boolean;
}

export interface KqlBenchResult {
  tableRows: number;
  queries: KqlMeasured[];
  sum: { translated: number; written: number; holds: boolean };
}

/** What is promised: of the sum, and of each query, whichever is greater. */
const bounds = { ofSum: 1.3, ofOne: 3, moreMs: 30 };
const REPEATS = 5;

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

/**
 * Runs each query translated and hand-written in turns on the same tables. Throws when the two do not answer the same number
 * of rows: then they do not ask the same.
 */
export async function measureKql(tableRows: number, told: (line: string) => void): Promise<KqlBenchResult> {
  const now = new Date('2026-01-02T00:00:00Z');
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB' });
  const connection = await instance.connect();
  const engine = createEngine({
    tables: { schema: benchSchema, connection: () => instance.connect() },
    now: () => now,
  });
  try {
    const tables = Object.entries(benchSchema).map(([name, columns]) => createTableSql(name, columns));
    for (const sql of [...tables, ...fillSql(tableRows, ticksOfDate(now))]) await connection.run(sql);
    await engine.run('print 1'); // the language service is loaded before it counts
    const queries: KqlMeasured[] = [];
    for (const { name, kql, sql } of alertQueries(ticksOfDate(now))) {
      told(name);
      const translation = await milliseconds(async () => engine.translate(kql));
      const times: { translated: number[]; written: number[] } = { translated: [], written: [] };
      const counts = [(await engine.run(kql)).rows.length, (await connection.runAndReadAll(sql)).currentRowCount];
      if (counts[0] !== counts[1])
        throw new Error(`${name}: ${counts.join(' rows beside ')} of the hand-written query.`);
      for (let n = 0; n < REPEATS; n++) {
        times.translated.push(await milliseconds(() => engine.run(kql)));
        times.written.push(await milliseconds(() => connection.runAndReadAll(sql)));
      }
      const [translated, written] = [median(times.translated), median(times.written)];
      const holds = translated <= Math.max(written * bounds.ofOne, written + bounds.moreMs);
      queries.push({ name, rows: counts[0] ?? 0, translated, written, translation, holds });
    }
    const total = (of: 'translated' | 'written') => queries.reduce((sum, each) => sum + each[of], 0);
    const sum = { translated: total('translated'), written: total('written') };
    return { tableRows, queries, sum: { ...sum, holds: sum.translated <= bounds.ofSum * sum.written } };
  } finally {
    engine.close();
    connection.closeSync();
    instance.closeSync();
  }
}

/** For people: a line a query, and the sum. */
export function kqlTable({ tableRows, queries, sum }: KqlBenchResult): string[][] {
  const line = (
    name: string,
    rows: string,
    each: { translated: number; written: number; holds: boolean },
    first = '',
  ) => [
    name,
    rows,
    each.translated.toFixed(1),
    each.written.toFixed(1),
    (each.translated / each.written).toFixed(2),
    first,
    each.holds ? 'yes' : 'NO',
  ];
  return [
    [`${tableRows} rows`, 'rows out', 'translated ms', 'hand-written ms', 'ratio', 'translation ms, once', 'holds'],
    ...queries.map((each) => line(each.name, String(each.rows), each, each.translation.toFixed(0))),
    line('sum', '', sum),
  ];
}
