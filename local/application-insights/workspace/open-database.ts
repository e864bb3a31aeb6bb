import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TablesInUse } from './tables-in-use.ts';

/** DuckDB lets one process open a file as often as it likes, though only its first instance may write. */
const openHere = new Set<string>();
/**
 * Of a connection that is closed before its query has ended the query goes on, and keeps the process and the file. One that has
 * not begun yet does not hear of an interrupt: hence several.
 */
const [INTERRUPTS, INTERRUPT_MS] = [25, 20];
const heldBy = /Conflicting lock is held in .*\(PID (\d+)\)/;

export interface Database {
  /** Each reader takes one of its own and closes it. */
  connect(): Promise<DuckDBConnection>;
  /** Ends the queries that run, too. */
  close(): Promise<void>;
}

/**
 * Opens the file, or a database in memory where there is none. It loads nothing from elsewhere, and in memory nothing spills
 * to the disk. Throws `TablesInUse` when another process has the file, and a sentence that says what to do when it cannot be read.
 */
export async function openDatabase(
  file: string | undefined,
  { memoryLimitMb }: { memoryLimitMb: number },
): Promise<Database> {
  if (file !== undefined && openHere.has(file)) throw new TablesInUse(file, 'by this process already');
  // What lies there may be personal: the folder is its owner's alone, as DuckDB knows no mode for its files.
  if (file !== undefined) await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const instance = await DuckDBInstance.create(file ?? ':memory:', {
    memory_limit: `${memoryLimitMb}MB`,
    threads: '2',
    ieee_floating_point_ops: 'true',
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    ...(file === undefined && { temp_directory: '' }),
  }).catch((error: Error) => {
    throw explain(file, error);
  });
  if (file !== undefined) openHere.add(file);
  const open = new Set<DuckDBConnection>();
  return {
    async connect() {
      const connection = await instance.connect();
      open.add(connection);
      const close = connection.closeSync.bind(connection);
      connection.closeSync = () => {
        open.delete(connection);
        close();
      };
      await connection.run("SET TimeZone = 'UTC'");
      return connection;
    },
    async close() {
      const left = [...open];
      for (let tried = 0; left.length > 0 && tried < INTERRUPTS; tried++) {
        for (const connection of left) connection.interrupt();
        await setTimeout(INTERRUPT_MS);
      }
      for (const connection of left) connection.closeSync();
      instance.closeSync();
      if (file !== undefined) openHere.delete(file);
    },
  };
}

function explain(file: string | undefined, { message: reason }: Error): Error {
  if (file === undefined) return new Error(`The tables in memory could not be made: ${reason}`);
  const [, pid] = heldBy.exec(reason) ?? [];
  if (pid !== undefined || reason.includes('lock on file')) {
    return new TablesInUse(file, pid ? `by process ${pid}` : 'by another process');
  }
  return new Error(
    `The telemetry in ${file} cannot be opened: ${reason}. Delete that file and ${file}.wal to begin with empty tables`,
  );
}
