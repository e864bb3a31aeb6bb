import type { Logger } from '../log.ts';
import { originalIdOf } from '../message-properties.ts';
import type { Delivery, Outgoing, Settlement } from '../messaging.ts';
import { CannotBeCopied, hasRoomFor } from './amqp-values.ts';
import { copyMessage, copyQueueOf } from './copy-message.ts';
import { MessageTooLarge } from './message-too-large.ts';

interface FeasibleOptions {
  sendCopy(outgoing: Outgoing): Promise<void>;
  log: Logger;
}

type Of<Kind> = Extract<Settlement, { kind: Kind }>;

const longest = 4_096; // of a dead-letter reason and description, in Azure

/** What the SDK is told of a dead letter. */
export const deadLetterOptions = ({ reason, description, properties }: Of<'dead-letter'>) => ({
  ...properties,
  deadLetterReason: reason.slice(0, longest),
  deadLetterErrorDescription: description.slice(0, longest),
});

/**
 * Answers what can be carried out: the settlement, or what stands in for it. For `later` it sends the copy, before the
 * completion: a crash between the two gives the message twice, the other order would lose it.
 */
export function createFeasible({ sendCopy, log }: FeasibleOptions) {
  async function sendLater(delivery: Delivery, settlement: Of<'later'>): Promise<Settlement> {
    const entity = copyQueueOf(delivery.source);
    try {
      await sendCopy({ entity, message: copyMessage(delivery, settlement), cause: delivery });
      return settlement;
    } catch (error) {
      if (error instanceof CannotBeCopied) return leave(delivery, error.message);
      if (!(error instanceof MessageTooLarge)) throw error;
      // With the properties of a copy it is too large, however often it is handled. So they stay behind.
      return { kind: 'dead-letter', reason: 'MessageTooLarge', description: `Not tried again. ${error.message}` };
    }
  }

  /** As at level 1: the broker counts the deliveries, and dead-letters the message after the last. */
  function leave({ message, source }: Delivery, why: string): Settlement {
    log.warning('message left to the broker', { source: source.name, messageId: originalIdOf(message), why });
    return { kind: 'abandon' };
  }

  return async function feasible(delivery: Delivery, settlement: Settlement): Promise<Settlement> {
    if (settlement.kind === 'later') return sendLater(delivery, settlement);
    if (settlement.kind !== 'dead-letter') return settlement;
    const { applicationProperties } = delivery.message;
    if (hasRoomFor({ ...applicationProperties, ...deadLetterOptions(settlement) })) return settlement;
    return leave(delivery, 'Its application properties leave no room for those of a dead letter.');
  };
}
