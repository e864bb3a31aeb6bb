import { billedSize } from './billed-size.ts';
import type { Row, TableName } from './tables.ts';

const HOUR_MS = 60 * 60 * 1_000;
const BYTES_A_MB = 1_000_000;
/** Azure bills neither, and does not count them. */
const free: readonly TableName[] = ['Usage', 'Operation'];

export interface UsageCounter {
  /** Counts rows as they come in, and answers the rows of `Usage` for the hours that have ended since. */
  count(rows: readonly Row[]): Row[];
  /** The rows of the hour that runs. Two of one hour, before and after a restart, add up. */
  rest(): Row[];
}

/** What came in by table and hour of arrival, as Azure writes it to `Usage` once an hour. */
export function createUsageCounter(now: () => Date): UsageCounter {
  let hour = startOfHour(now());
  let bytes = new Map<TableName, number>();
  const take = (): Row[] => {
    const rows = [...bytes].map(([table, size]) => usageRow(table, size, hour));
    bytes = new Map();
    return rows;
  };
  return {
    count(rows) {
      const current = startOfHour(now());
      const ended = current > hour ? take() : [];
      hour = current;
      for (const row of rows) {
        if (free.includes(row.Type)) continue;
        bytes.set(row.Type, (bytes.get(row.Type) ?? 0) + Number(row._BilledSize ?? billedSize(row)));
      }
      return ended;
    },
    rest: take,
  };
}

const startOfHour = (time: Date): number => Math.floor(time.getTime() / HOUR_MS) * HOUR_MS;
const text = (ms: number): string => new Date(ms).toISOString();

const usageRow = (table: TableName, bytes: number, hour: number): Row => ({
  TimeGenerated: text(hour + HOUR_MS),
  Type: 'Usage',
  DataType: table,
  StartTime: text(hour),
  EndTime: text(hour + HOUR_MS),
  Quantity: bytes / BYTES_A_MB,
  QuantityUnit: 'MBytes',
  IsBillable: true,
  Solution: 'LogManagement',
  _IsBillable: 'false',
});
