import { textIn } from '../../../platform/message-properties.ts';
import { property } from './properties.ts';

/** `replayed` is written by `npm run dead-letters`. `handed-over`: see `decide.ts`. */
export type Outcome = 'retried' | 'put-aside' | 'handed-over' | 'dead-lettered' | 'replayed';

/** How a delivery ended. `time` is ISO 8601, `host` the replica, `reason` a code of `failure-table.ts`. */
export interface HistoryEntry {
  time: string;
  attempt: number;
  outcome: Outcome;
  reason: string;
  host: string;
  /** How many equal entries in a row this entry stands for, the last of them at `time`; absent for one. */
  times?: number;
}

const longest = 10; // Service Bus allows 32 KB for a property and 64 KB for all; these are less than 3 KB
const longestHost = 64;

/** The entries so far, oldest first. Text that this service has not written counts as no history. Never throws. */
export function readHistory(properties: Readonly<Record<string, unknown>> | undefined): HistoryEntry[] {
  try {
    const value: unknown = JSON.parse(textIn(properties, property.history) ?? '[]');
    return Array.isArray(value) ? value.filter(isEntry).slice(-longest).map(known) : [];
  } catch {
    return [];
  }
}

/**
 * The text of the property with one more entry. An entry that equals the last one only raises its `times`, so that a
 * long outage does not push out the others. Of more than ten entries the first and the newest nine stay.
 */
export function addToHistory(properties: Readonly<Record<string, unknown>> | undefined, entry: HistoryEntry): string {
  const entries = readHistory(properties);
  const added: HistoryEntry = { ...entry, host: entry.host.slice(0, longestHost) };
  const last = entries.at(-1);
  if (last && isSame(last, added)) entries.splice(-1, 1, { ...added, times: (last.times ?? 1) + 1 });
  else entries.push(added);
  if (entries.length > longest) entries.splice(1, entries.length - longest);
  return JSON.stringify(entries);
}

const isSame = (one: HistoryEntry, other: HistoryEntry) =>
  one.attempt === other.attempt && one.outcome === other.outcome && one.reason === other.reason;

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { time, attempt, outcome, reason, host } = value as Partial<Record<keyof HistoryEntry, unknown>>;
  return typeof attempt === 'number' && [time, outcome, reason, host].every((text) => isShortText(text));
}

/** Drops unknown fields: if another sender wrote them, every copy would carry them. */
const known = ({ time, attempt, outcome, reason, host, times }: HistoryEntry): HistoryEntry => {
  const entry = { time, attempt, outcome, reason, host };
  return typeof times === 'number' ? { ...entry, times } : entry;
};

const isShortText = (value: unknown) => typeof value === 'string' && value.length <= 128;
