/** The places of the numbers of a row. */
export const columns = [
  'event',
  'minute',
  'process',
  'route',
  'fingerprint',
  'caller',
  'calls',
  'callers',
  'bytes',
] as const;
export type Column = (typeof columns)[number];
/** Rows as whole numbers, in the order of `columns`; -1 is nothing. */
export type NumberRow = readonly number[];

export const events = ['caller-seen', 'traffic-shape', 'rate-limited'] as const;
export const eventOf = { callerSeen: 0, trafficShape: 1, rateLimited: 2 } as const;
/** Of the key that takes what is beyond the bound. */
export const otherFingerprint = -2;
/** Rows in columns that grow. */
export type RowColumns = ReturnType<typeof createRowColumns>;

const most = 2_147_483_647;

/** Rows of the table as whole numbers, column by column: a world has about a million. */
export function createRowColumns() {
  let capacity = 1 << 16;
  let data = columns.map(() => new Int32Array(capacity));
  let length = 0;
  return {
    add(...row: readonly number[]): void {
      if (length === capacity) {
        capacity *= 2;
        data = data.map((before) => {
          const larger = new Int32Array(capacity);
          larger.set(before);
          return larger;
        });
      }
      for (let at = 0; at < columns.length; at++) {
        const values = data[at];
        if (values) values[length] = Math.min(most, row[at] ?? -1);
      }
      length += 1;
    },
    length: () => length,
    /** The values of a column from one row to another, without it. */
    values: (column: number, from: number, to: number): Int32Array =>
      (data[column] ?? new Int32Array(0)).subarray(from, Math.min(to, length)),
  };
}
