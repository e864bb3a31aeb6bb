import type { ServiceBusReceiver } from '@azure/service-bus';
import type { Business } from '../business.ts';
import type { Logger } from '../log.ts';
import type { Delivery, Outgoing, Settlement } from '../messaging.ts';
import { copyMessage, copyQueueOf } from './copy-message.ts';
import { MessageTooLarge } from './message-too-large.ts';
import { brokerError, persist, withDeadline } from './persist.ts';

interface Settling {
  delivery: Delivery;
  /** The link that the message came on. */
  receiver: ServiceBusReceiver;
  business: Business;
  settlement: Settlement;
}

export type Settle = (settling: Settling) => Promise<void>;

interface SettleOptions {
  sendCopy(outgoing: Outgoing): Promise<void>;
  log: Logger;
  timeoutMs: number;
}

/** Already logged: thrown so that the middlewares around see it. The broker gives the message out again when its lock ends. */
export class SettlementFailed extends Error {
  override name = 'SettlementFailed';
}

const longest = 4_096; // of a dead-letter reason and description, in Azure

/**
 * Carries a settlement out, with a deadline, and tells the business when the broker has confirmed. The only place that
 * settles. Throws `SettlementFailed`.
 */
export function createSettle({ sendCopy, log, timeoutMs }: SettleOptions): Settle {
  let failures = 0;

  return async ({ delivery, receiver, business, settlement }) => {
    const { message, source } = delivery;
    const facts = { source: source.name, messageId: message.messageId, settlement: settlement.kind };
    let last: unknown;
    let carried = settlement;
    const late = () => new Error(`The broker did not confirm within ${timeoutMs} ms.`, { cause: last });
    try {
      if (settlement.kind === 'later') {
        // Before the completion: a crash between the two gives the message twice, the other order loses it.
        const entity = copyQueueOf(source);
        await sendCopy({ entity, message: copyMessage(message, settlement), cause: delivery }).catch((error) => {
          if (!(error instanceof MessageTooLarge)) throw error;
          // With the properties of a copy it is too large, however often it is handled. So they stay behind.
          carried = {
            kind: 'dead-letter',
            reason: 'MessageTooLarge',
            description: `Not tried again. ${error.message}`,
          };
        });
      }
      const confirm = () => carryOut(receiver, message, carried);
      await withDeadline(
        timeoutMs,
        (signal) =>
          persist(signal, confirm, (error) => {
            last = error;
          }),
        late,
      );
    } catch (error) {
      failures += 1;
      log.warning('message settlement failed', { ...facts, failures, error: brokerError(error) });
      throw new SettlementFailed(`${settlement.kind} failed`, { cause: error });
    }
    try {
      business.settled?.(message, asSettled(delivery, carried));
    } catch (error) {
      log.error('the business failed to take note of a settlement', { ...facts, error });
    }
  };
}

function carryOut(receiver: ServiceBusReceiver, message: Delivery['message'], settlement: Settlement): Promise<void> {
  switch (settlement.kind) {
    case 'complete':
    case 'later':
      return receiver.completeMessage(message);
    case 'abandon':
      return receiver.abandonMessage(message, settlement.properties);
    case 'dead-letter':
      return receiver.deadLetterMessage(message, {
        ...settlement.properties,
        deadLetterReason: settlement.reason.slice(0, longest),
        deadLetterErrorDescription: settlement.description.slice(0, longest),
      });
  }
}

/** The broker itself dead-letters a message whose last delivery is abandoned, and tells nobody. */
function asSettled({ message, source }: Delivery, settlement: Settlement): Settlement {
  if (settlement.kind !== 'abandon' || (message.deliveryCount ?? 0) + 1 < source.maxDeliveryCount) return settlement;
  return {
    kind: 'dead-letter',
    reason: 'MaxDeliveryCountExceeded',
    description: `Message could not be consumed after ${source.maxDeliveryCount} delivery attempts.`,
  };
}
