import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

/** Selects dead letters. A field that is absent selects all. */
export interface Filter {
  /** The original id, or the message id of a copy. */
  id?: string | undefined;
  reason?: string | undefined;
  fingerprint?: string | undefined;
  correlation?: string | undefined;
  since?: Date | undefined;
  /** Dead letters of exactly this time are not selected. */
  until?: Date | undefined;
  /** Whether parked dead letters are selected too. */
  parked: boolean;
}

export interface Selection {
  queues: readonly DeadLetterQueue[];
  filter: Filter;
  /** The number of dead letters that `select` has left out only because they are parked. */
  leftOut: number;
}

/** The selected dead letters, each with its position in its dead-letter queue, from 1. */
export async function* select(selection: Selection) {
  const { queues, filter } = selection;
  for (const queue of queues) {
    let position = 0;
    for await (const message of queue.browse()) {
      position += 1;
      const dead = readDeadLetter(queue.source, message);
      if (!matches(filter, dead)) continue;
      if (filter.parked || !dead.facts.parked) yield { ...dead, queue, position };
      else selection.leftOut += 1;
    }
  }
}

/** A dead letter without a time does not match `since` or `until`. */
function matches(filter: Filter, { facts, message }: DeadLetter): boolean {
  const same = (wanted: string | undefined, ...found: unknown[]) => wanted === undefined || found.includes(wanted);
  const at = Date.parse(facts.deadLetteredAt ?? '');
  return (
    same(filter.id, facts.id, String(message.messageId)) &&
    same(filter.reason, facts.reason) &&
    same(filter.fingerprint, facts.fingerprint) &&
    same(filter.correlation, facts.correlationId) &&
    (filter.since === undefined || at >= filter.since.getTime()) &&
    (filter.until === undefined || at < filter.until.getTime())
  );
}

export const parkedNote = ({ leftOut }: Selection): string =>
  leftOut === 0 ? '' : ` ${leftOut} parked ${leftOut === 1 ? 'one is' : 'ones are'} left out: add --parked.`;
