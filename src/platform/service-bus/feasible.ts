import type { Logger } from '../log.ts';
import { originalIdOf } from '../message-properties.ts';
import { MessageTooLarge } from '../message-too-large.ts';
import { copyQueueOf, type Delivery, type Outgoing, type Settlement } from '../messaging.ts';
import { CannotBeCopied, hasRoomFor } from './amqp-values.ts';
import { copyMessage } from './copy-message.ts';

interface FeasibleOptions {
  sendCopy(outgoing: Outgoing): Promise<void>;
  log: Logger;
}

type Of<Kind> = Extract<Settlement, { kind: Kind }>;

const longest = 4_096; // characters that Azure allows for a dead-letter reason and for its description

/** The options with which the SDK dead-letters a message. */
export const deadLetterOptions = ({ reason, description, properties }: Of<'dead-letter'>) => ({
  ...properties,
  deadLetterReason: reason.slice(0, longest),
  deadLetterErrorDescription: description.slice(0, longest),
});

/**
 * Returns the settlement, or another one if that cannot be carried out. For `later` it sends the copy before the
 * platform completes the message: a crash between the two leaves the message twice, the other order would lose it.
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
      // The message has no room for the properties of a copy, at every attempt. So it is dead-lettered without them.
      return { kind: 'dead-letter', reason: 'MessageTooLarge', description: `Not tried again. ${error.message}` };
    }
  }

  /** Abandons the message as at level 1: the broker counts the deliveries and dead-letters it after the last one. */
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
