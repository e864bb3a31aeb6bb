import type { DeadLetter } from './dead-letter.ts';

/** Which dead letters are meant; what is left out restricts nothing. */
export interface Filter {
  /** Of the message or of its file. */
  id?: string | undefined;
  reason?: string | undefined;
  fingerprint?: string | undefined;
  correlation?: string | undefined;
  since?: Date | undefined;
  /** Not included. */
  until?: Date | undefined;
}

/** A dead letter without a time is in no span of time. */
export function matches(filter: Filter, { facts, fileId }: DeadLetter): boolean {
  const same = (wanted: string | undefined, ...found: (string | null)[]) =>
    wanted === undefined || found.includes(wanted);
  const at = Date.parse(facts.deadLetteredAt ?? '');
  return (
    same(filter.id, facts.id, fileId) &&
    same(filter.reason, facts.reason) &&
    same(filter.fingerprint, facts.fingerprint) &&
    same(filter.correlation, facts.correlationId) &&
    (filter.since === undefined || at >= filter.since.getTime()) &&
    (filter.until === undefined || at < filter.until.getTime())
  );
}
