import type { Clock } from '../../../platform/clock.ts';

export const hourMs = 3_600_000;
export const hoursOfDay = 24;

export type Volume = ReturnType<typeof createVolume>;

/** Counts rows by table and hour, for the running hour and the 23 before it. */
export function createVolume(clock: Clock) {
  const hourNow = () => Math.floor(clock.now().getTime() / hourMs);
  /** Begins with the oldest. The key counts hours since 1970, in UTC. */
  const hours = new Map<number, Record<string, { items: number; bytes: number }>>();

  return {
    add(table: string, bytes: number): void {
      const hour = hourNow();
      for (const old of hours.keys()) if (old <= hour - hoursOfDay) hours.delete(old);
      const tables = hours.get(hour) ?? {};
      const before = tables[table] ?? { items: 0, bytes: 0 };
      tables[table] = { items: before.items + 1, bytes: before.bytes + bytes };
      hours.set(hour, tables);
    },
    /** The rows of one hour, by table. */
    of: (hoursAgo: number) => hours.get(hourNow() - hoursAgo) ?? {},
    /** Bytes of the running hour and so many before it. */
    bytes(hoursBefore: number): number {
      const recent = [...hours].flatMap(([hour, tables]) => (hour >= hourNow() - hoursBefore ? [tables] : []));
      return recent.flatMap(Object.values).reduce<number>((sum, { bytes }) => sum + bytes, 0);
    },
  };
}
