import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusReceiver } from '@azure/service-bus';
import { CannotBeCopied } from '../../src/observability/modules/dead-letters/copy-message.ts';
import { MessageTooLarge } from '../../src/platform/errors.ts';
import type { ReceivedMessage } from '../../src/platform/messaging.ts';
import type { Change } from './arguments.ts';
import type { Actor, Audit } from './audit.ts';
import { keyOf, readDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { replayCopy } from './replay-copy.ts';
import type { Taken } from './take-planned.ts';

interface CarryOutOptions {
  change: Change;
  queue: DeadLetterQueue;
  actor: Actor;
  audit: Audit;
  perSecond: number | undefined;
  tell(line: string): void;
}

const largestBatch = 100;

/**
 * Replays or purges one dead letter. A replay sends the copy before it completes the dead letter. After a crash between
 * the two the next run sends the same copy again, and duplicate detection drops it; the other order would lose the
 * message. The audit line is written before the completion, because a crash must not leave a change without an audit
 * line. Only the broker decides whether a lock has ended, because the clock of this machine may be wrong.
 */
export function createCarryOut({ change, queue, actor, audit, perSecond, tell }: CarryOutOptions) {
  const turn = createTurns(perSecond);
  const audited = new Set<string>();

  return async (message: ReceivedMessage, receiver: ServiceBusReceiver): Promise<Taken> => {
    await turn();
    const dead = readDeadLetter(queue.source, message);
    try {
      if (change === 'replay') await queue.sendBack(replayCopy(dead, actor), message);
    } catch (error) {
      if (!(error instanceof MessageTooLarge || error instanceof CannotBeCopied)) throw error;
      tell(`"${dead.facts.id}" stays in the dead-letter queue: ${error.message}`);
      return 'failed';
    }
    if (!audited.has(keyOf(message))) audit(dead);
    audited.add(keyOf(message));
    return (await queue.complete(receiver, message)) ? 'done' : 'again';
  };
}

/** How many messages to lock at once: at a low rate only as many as can be handled while their locks last. */
export const batchFor = (lockDurationMs: number, perSecond: number | undefined): number =>
  perSecond === undefined
    ? largestBatch
    : Math.max(1, Math.min(largestBatch, Math.floor((perSecond * lockDurationMs) / 4_000)));

/**
 * Returns a function that resolves at most `perSecond` times a second, evenly spread. Without a rate it resolves at
 * once.
 */
function createTurns(perSecond: number | undefined): () => Promise<void> {
  if (perSecond === undefined) return async () => {};
  let nextAt = performance.now();
  return async () => {
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + 1000 / perSecond;
    await sleep(at - now);
  };
}
