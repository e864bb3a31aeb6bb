import { billedSize } from '../billed-size.ts';
import type { Row, TableName, Tables } from '../tables.ts';
import { appendRows } from './append-rows.ts';
import { type Bounds, type Dropped, dropOldRows } from './bounds.ts';
import { createGroupedWriter } from './grouped-writer.ts';
import { type Database, openDatabase } from './open-database.ts';
import { prepareTables } from './prepare-tables.ts';
import { nextPlace } from './table-definition.ts';

const AGE_CHECK_MS = 10 * 60 * 1_000;

export interface OpenTables {
  readonly database: Pick<Database, 'connect'>;
  /** Resolves when the rows are in, all of them or none. */
  add(rows: readonly Row[]): Promise<void>;
  place(): number;
  dropped(): Dropped;
  stop(): Promise<void>;
}

/** Opens the database with its tables and keeps it within its bounds. */
export async function openTables({
  schema,
  file,
  memoryLimitMb,
  bounds,
  now,
}: {
  schema: Tables;
  file: string | undefined;
  memoryLimitMb: number;
  bounds: Bounds;
  now: () => Date;
}): Promise<OpenTables> {
  const names = Object.keys(schema) as TableName[];
  const database = await openDatabase(file, { memoryLimitMb });
  const writer = await database.connect();
  const dropped: Partial<Record<TableName, number>> = {};
  let bytes = 0;
  let place = 0;

  const dropOld = async () => {
    const result = await dropOldRows(writer, names, bounds, now());
    bytes = result.bytes;
    for (const name of names) {
      const count = result.dropped[name];
      if (count !== undefined) dropped[name] = (dropped[name] ?? 0) + count;
    }
  };
  const append = async (rows: readonly Row[]) => {
    const sized = rows.map((row) => ({ _IsBillable: 'true', _BilledSize: billedSize(row), ...row }));
    await appendRows(writer, schema, sized, place);
    place += rows.length;
    bytes += sized.reduce((sum, { _BilledSize }) => sum + Number(_BilledSize), 0);
    if (bytes > bounds.maxBytes) await dropOld();
  };
  try {
    await prepareTables(writer, schema);
    place = await nextPlace(writer, names);
    await dropOld();
  } catch (error) {
    await database.close();
    throw error;
  }
  const grouped = createGroupedWriter(append);
  // A failure of this shows at the next append too, where there is a sender to tell it to.
  const timer = setInterval(() => void grouped.exclusively(dropOld).catch(() => undefined), AGE_CHECK_MS).unref();

  return {
    database,
    add: grouped.add,
    place: () => place,
    dropped: () => ({ ...dropped }),
    async stop() {
      clearInterval(timer);
      await grouped.exclusively(() => {
        writer.closeSync();
        return database.close();
      });
    },
  };
}
