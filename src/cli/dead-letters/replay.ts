import type { ServiceBusReceiver } from '@azure/service-bus';
import type { MessageSource, ReceivedMessage } from '../../platform/messaging.ts';
import { CannotBeCopied } from '../../platform/service-bus/amqp-values.ts';
import { copyQueueOf } from '../../platform/service-bus/copy-message.ts';
import { MessageTooLarge } from '../../platform/service-bus/message-too-large.ts';
import { brokerCode } from '../../platform/service-bus/persist.ts';
import type { Actor, Audit } from './audit.ts';
import type { Bus } from './bus.ts';
import { readDeadLetter } from './dead-letter.ts';
import { createRate } from './rate.ts';
import { replayCopy } from './replay-copy.ts';
import type { Outcome, Worker } from './work-off.ts';

interface ReplayOptions {
  bus: Bus;
  source: MessageSource;
  actor: Actor;
  audit: Audit;
  perSecond: number | undefined;
  tell(line: string): void;
}

const largestBatch = 100;

/** At a low rate no more are locked than get their turn while their locks last. */
export const batchFor = ({ lockDurationMs }: MessageSource, perSecond: number | undefined): number =>
  perSecond === undefined
    ? largestBatch
    : Math.max(1, Math.min(largestBatch, Math.floor((perSecond * lockDurationMs) / 4_000)));

export const lockHasEnded = ({ lockedUntilUtc }: ReceivedMessage): boolean =>
  lockedUntilUtc !== undefined && lockedUntilUtc.getTime() <= Date.now();

/** Completes a dead letter; false when its lock has ended, so that it comes again. */
export async function complete(
  bus: Bus,
  source: MessageSource,
  message: ReceivedMessage,
  receiver: ServiceBusReceiver,
) {
  try {
    await bus.ask(source, () => receiver.completeMessage(message));
    return true;
  } catch (error) {
    if (brokerCode(error) === 'MessageLockLost') return false;
    throw error;
  }
}

/**
 * Sends the copy, then completes the dead letter: a crash between the two repeats the copy's id, and the other order
 * would lose the file. What comes from a subscription goes to its queue for copies, so that no other subscriber gets it.
 */
export function createReplay({ bus, source, actor, audit, perSecond, tell }: ReplayOptions): Worker {
  const turn = createRate(perSecond);
  const sent = new Set<string>();

  async function take(message: ReceivedMessage, receiver: ServiceBusReceiver): Promise<Outcome> {
    await turn();
    if (lockHasEnded(message)) return 'again';
    const dead = readDeadLetter(source, message);
    try {
      const copy = replayCopy(message, dead, actor);
      await bus.sendCopy({ entity: copyQueueOf(source), message: copy, cause: { message, source } });
    } catch (error) {
      if (!(error instanceof MessageTooLarge || error instanceof CannotBeCopied)) throw error;
      tell(`"${dead.facts.id}" stays where it is: ${error.message}`);
      return 'failed';
    }
    if (!sent.has(dead.key)) audit('replay', dead, message);
    sent.add(dead.key);
    if (!(await complete(bus, source, message, receiver))) return 'again';
    sent.delete(dead.key);
    return 'done';
  }
  return { take, batch: batchFor(source, perSecond) };
}
