import { BrokerError, conditions } from '../entity/broker-error.ts';
import type { Disposition } from '../entity/deliveries.ts';
import type { Queue } from '../entity/queue.ts';
import type { FaultRules } from '../fault-rules.ts';

/** What the client hears: yes, no with a reason, or nothing at all. */
export type SettlementAnswer = 'settled' | BrokerError | 'silence';

/**
 * Settles a message on behalf of a client, unless a fault says otherwise. A refusal as "lock lost" really takes the lock
 * away, so that the client and the queue agree; after any other refusal the lock runs on to its end.
 */
export function settleForClient(
  queue: Queue,
  token: string,
  disposition: Disposition,
  faults: Pick<FaultRules, 'settlement'>,
): SettlementAnswer {
  const verdict = faults.settlement(queue.path);
  if (verdict.kind === 'refuse') {
    if (verdict.condition === conditions.lockLost) queue.loseLock(token);
    return new BrokerError(verdict.condition, verdict.description);
  }
  if (verdict.kind === 'ignore' && !verdict.carriedOut) return 'silence';
  try {
    queue.settle(token, disposition);
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    return verdict.kind === 'ignore' ? 'silence' : error;
  }
  return verdict.kind === 'ignore' ? 'silence' : 'settled';
}
