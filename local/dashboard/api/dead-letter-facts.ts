import { ownPrefix } from '../../../src/platform/message-properties.ts';
import type { BrokerQueue } from './broker-queues.ts';
import type { MessageFacts, MessageRow } from './contract.ts';

type Message = ReturnType<BrokerQueue['peek']>[number];
type Properties = Readonly<Record<string, unknown>>;

/**
 * What the module `dead-letters` of the service writes to a message. By name and not by its code: the module may be deleted,
 * and messages of a level below have none of it.
 */
const written = {
  fingerprint: `${ownPrefix}error-fingerprint`,
  history: `${ownPrefix}history`,
  attempts: `${ownPrefix}attempts`,
  replayCount: `${ownPrefix}replay-count`,
  parked: `${ownPrefix}parked`,
} as const;

type DeadFacts = Pick<
  MessageRow,
  'reason' | 'description' | 'fingerprint' | 'deadLetteredAt' | 'replays' | 'parked' | 'attempt'
>;

/** Why a message lies in a dead-letter queue, since when, and what was tried. */
export function deadFacts({ enqueuedAt, deliveryCount }: Message, properties: Properties): DeadFacts {
  const reason = textIn(properties, 'DeadLetterReason');
  const description = textIn(properties, 'DeadLetterErrorDescription');
  const fingerprint = textIn(properties, written.fingerprint);
  const put = historyOf(properties).findLast(({ outcome }) => outcome === 'dead-lettered')?.time;
  return {
    ...(reason !== undefined && { reason }),
    ...(description !== undefined && { description }),
    ...(fingerprint !== undefined && { fingerprint }),
    deadLetteredAt: put ?? new Date(enqueuedAt).toISOString(),
    attempt: Number(properties[written.attempts] ?? deliveryCount),
    replays: Number(properties[written.replayCount] ?? 0),
    parked: properties[written.parked] === true,
  };
}

/** What was tried so far, as the message itself tells it. Text that the service has not written counts as none. */
export function historyOf(properties: Properties): MessageFacts['history'] {
  try {
    const entries: unknown = JSON.parse(textIn(properties, written.history) ?? '[]');
    return Array.isArray(entries) ? entries.flatMap(entryOf) : [];
  } catch {
    return [];
  }
}

function entryOf(entry: unknown): MessageFacts['history'] {
  const { time, attempt, outcome, reason, times } = (entry ?? {}) as Record<string, unknown>;
  if (typeof time !== 'string' || typeof outcome !== 'string') return [];
  const told = { time, attempt: Number(attempt), outcome, reason: String(reason ?? '') };
  return [{ ...told, ...(typeof times === 'number' && { times }) }];
}

export const textIn = (properties: Properties, name: string): string | undefined => {
  const value = properties[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
};
