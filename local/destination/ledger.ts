/** What arrived under one idempotency key at one destination. Times are ISO text; the content itself is not kept. */
export interface LedgerEntry {
  key: string;
  destination: string;
  sha256: string;
  bytes: number;
  contentType: string;
  firstReceivedAt: string;
  lastReceivedAt: string;
  /** Accepted deliveries of this content, the first included: `deliveries - 1` are duplicates. */
  deliveries: number;
  /** Deliveries of other content under the same key, all refused. */
  conflicts: number;
}

export type Delivery = Pick<LedgerEntry, 'key' | 'destination' | 'sha256' | 'bytes' | 'contentType'>;
export type Outcome = 'first' | 'repeat' | 'conflict';

export interface LedgerTotals {
  entries: number;
  deliveries: number;
  duplicates: number;
  conflicts: number;
  /** Entries that made room for newer ones. */
  dropped: number;
  byDestination: Record<string, number>;
}

export interface Ledger {
  record(delivery: Delivery): Outcome;
  /** Oldest first. */
  entries(): LedgerEntry[];
  /** The entry of a key, at one destination or at the first that has it. */
  get(key: string, destination?: string): LedgerEntry | undefined;
  totals(): LedgerTotals;
  clear(): void;
}

/** Keeps the newest `maxEntries` entries. A key belongs to a destination: two destinations are two systems. */
export function createLedger({ maxEntries, now }: { maxEntries: number; now: () => Date }): Ledger {
  const held = new Map<string, LedgerEntry>();
  let dropped = 0;
  const id = (key: string, destination: string) => JSON.stringify([destination, key]);

  return {
    record(delivery) {
      const at = now().toISOString();
      const known = held.get(id(delivery.key, delivery.destination));
      if (!known) {
        const [oldest] = held.keys();
        if (oldest !== undefined && held.size >= maxEntries) {
          held.delete(oldest);
          dropped++;
        }
        const entry = { ...delivery, firstReceivedAt: at, lastReceivedAt: at, deliveries: 1, conflicts: 0 };
        held.set(id(delivery.key, delivery.destination), entry);
        return 'first';
      }
      known.lastReceivedAt = at;
      if (known.sha256 !== delivery.sha256) {
        known.conflicts++;
        return 'conflict';
      }
      known.deliveries++;
      return 'repeat';
    },
    entries: () => [...held.values()].map((entry) => ({ ...entry })),
    get(key, destination) {
      if (destination !== undefined) return copy(held.get(id(key, destination)));
      for (const entry of held.values()) if (entry.key === key) return copy(entry);
      return undefined;
    },
    totals() {
      const totals: LedgerTotals = {
        entries: held.size,
        deliveries: 0,
        duplicates: 0,
        conflicts: 0,
        dropped,
        byDestination: {},
      };
      for (const { destination, deliveries, conflicts } of held.values()) {
        totals.deliveries += deliveries;
        totals.duplicates += deliveries - 1;
        totals.conflicts += conflicts;
        totals.byDestination[destination] = (totals.byDestination[destination] ?? 0) + 1;
      }
      return totals;
    },
    clear() {
      held.clear();
      dropped = 0;
    },
  };
}

const copy = (entry: LedgerEntry | undefined) => entry && { ...entry };
