import type { DuckDBConnection } from '@duckdb/node-api';
import type { Row, TableName, Tables } from '../tables.ts';
import type { Bounds, Dropped } from './bounds.ts';
import type { OpenTables } from './open-tables.ts';
import { readRows, type StoredRowFilter } from './row-reader.ts';

export interface WorkspaceOptions extends Partial<Bounds> {
  /** Where the rows outlive the process; in memory when left out. */
  file?: string | undefined;
  /** What DuckDB may take; beyond it, it uses the disk where there is a file, and refuses where there is none. */
  memoryLimitMb?: number;
  /** Rows that were there before anything was asked, when the tables are in memory. */
  earlier?: () => readonly Row[];
  now?: () => Date;
}

/** A Log Analytics workspace: tables in DuckDB. What has been added is seen by every query that begins afterwards. */
export interface Workspace {
  /** Columns with their Kusto types by table, as `connection` finds them. */
  readonly schema: Tables;
  /** Resolves when every query sees the rows and, where there is a file, when they outlive the process. All of them or none. */
  add(rows: readonly Row[]): Promise<void>;
  /** For queries, which read views under the tables' names. Close it after use; the end of the workspace closes it too. */
  connection(): Promise<DuckDBConnection>;
  /** The rows of a table in pieces, in the order in which they came. Throws when there is no such table. */
  rows(table: string, filter?: StoredRowFilter): AsyncGenerator<Row[]>;
  /** Where a reader goes on that has read all rows before: for `from` and `to`. */
  place(): Promise<number>;
  /** How many rows were dropped since the start because the tables were full or the rows old. */
  dropped(): Promise<Dropped>;
  stop(): Promise<void>;
}

const LARGEST = { inFile: 1_000_000_000, inMemory: 100_000_000 };

/**
 * Opens the workspace. In memory nothing is opened before something is asked: most who send telemetry in a test read what came
 * last, and need no database. Throws a sentence that says what to do when the file cannot be had.
 */
export async function openWorkspace(
  schema: Tables,
  {
    file,
    memoryLimitMb = 400,
    maxAgeDays = 30,
    maxBytes = file === undefined ? LARGEST.inMemory : LARGEST.inFile,
    earlier = () => [],
    now = () => new Date(),
  }: WorkspaceOptions = {},
): Promise<Workspace> {
  let opening: Promise<OpenTables> | undefined;
  const open = async (first: readonly Row[]): Promise<OpenTables> => {
    const { openTables } = await import('./open-tables.ts'); // brings DuckDB
    const opened = await openTables({ schema, file, memoryLimitMb, bounds: { maxAgeDays, maxBytes }, now });
    await opened.add(first);
    return opened;
  };
  const tables = () =>
    (opening ??= open(earlier()).catch((error: unknown) => {
      opening = undefined; // who only sends goes on without a database
      throw error;
    }));
  if (file !== undefined) await tables();

  return {
    schema,
    async add(rows) {
      if (opening !== undefined) await (await opening).add(rows);
    },
    async connection() {
      return (await tables()).database.connect();
    },
    async *rows(name, filter = {}) {
      if (!Object.hasOwn(schema, name)) {
        throw new Error(`There is no table "${name}"; choose one of ${Object.keys(schema).join(', ')}`);
      }
      const connection = await (await tables()).database.connect();
      try {
        yield* readRows(connection, schema, name as TableName, filter);
      } finally {
        connection.closeSync();
      }
    },
    async place() {
      return (await tables()).place();
    },
    async dropped() {
      return opening === undefined ? {} : (await opening).dropped();
    },
    async stop() {
      await (await opening)?.stop();
    },
  };
}
