import { z } from 'zod';
import { textIn } from '../../../platform/message-properties.ts';
import { property } from './properties.ts';

/** `replayed` is written by `npm run dead-letters`. `handed-over`: see `decide.ts`. */
export type Outcome = 'retried' | 'put-aside' | 'handed-over' | 'dead-lettered' | 'replayed';

const text = z.string().max(128);

/**
 * How a delivery ended. `time` is ISO 8601, `host` the replica, `reason` a code of `failure-table.ts`. `times`: how many
 * equal entries in a row this entry stands for, the last of them at `time`; absent for one. Unknown fields are dropped:
 * if another sender wrote them, every copy would carry them.
 */
const entrySchema = z.object({
  time: text,
  attempt: z.number(),
  outcome: text as unknown as z.ZodType<Outcome>,
  reason: text,
  host: text,
  times: z.number().optional().catch(undefined),
});

export type HistoryEntry = z.output<typeof entrySchema>;

const longest = 10; // Service Bus allows 32 KB for a property and 64 KB for all; these are less than 3 KB
const longestHost = 64;

/** The entries so far, oldest first. Text that this service has not written counts as no history. Never throws. */
export function readHistory(properties: Readonly<Record<string, unknown>> | undefined): HistoryEntry[] {
  try {
    const value: unknown = JSON.parse(textIn(properties, property.history) ?? '[]');
    if (!Array.isArray(value)) return [];
    return value.flatMap((entry) => entrySchema.safeParse(entry).data ?? []).slice(-longest);
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
