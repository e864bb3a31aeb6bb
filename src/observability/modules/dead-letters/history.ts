import { property, textIn } from '../../../platform/message-properties.ts';

/** `replayed` is written by `npm run dead-letters`. `handed-over`: see `decide.ts`. */
export type Outcome = 'retried' | 'put-aside' | 'handed-over' | 'dead-lettered' | 'replayed';

/** What became of a delivery. `time` is ISO 8601, `host` the replica, `reason` a code of `failure-table.ts`. */
export interface HistoryEntry {
  time: string;
  attempt: number;
  outcome: Outcome;
  reason: string;
  host: string;
  /** How many of the same in a row, the last at `time`; left out for one. */
  times?: number;
}

const longest = 10; // Service Bus allows 32 KB for a property and 64 KB for all; these are less than 3 KB
const longestHost = 64;

/** The story so far, oldest first. What is not a history, because somebody else wrote it, is none. Never throws. */
export function readHistory(properties: Readonly<Record<string, unknown>> | undefined): HistoryEntry[] {
  try {
    const value: unknown = JSON.parse(textIn(properties, property.history) ?? '[]');
    return Array.isArray(value) ? value.filter(isEntry).slice(-longest).map(known) : [];
  } catch {
    return [];
  }
}

/**
 * The property's text with one entry more. The same again counts up, so that a long outage does not push the rest out;
 * of more than ten the first stays, which tells how it began, and the newest.
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

/** What else somebody wrote there would travel with every copy. */
const known = ({ time, attempt, outcome, reason, host, times }: HistoryEntry): HistoryEntry => {
  const entry = { time, attempt, outcome, reason, host };
  return typeof times === 'number' ? { ...entry, times } : entry;
};

const isShortText = (value: unknown) => typeof value === 'string' && value.length <= 128;
