import type { ServiceBusReceiver } from '@azure/service-bus';
import type { Business } from '../business.ts';
import { withDeadline } from '../deadline.ts';
import type { Logger } from '../log.ts';
import { originalIdOf } from '../message-properties.ts';
import type { Delivery, Outgoing, Settlement } from '../messaging.ts';
import { createFeasible, deadLetterOptions } from './feasible.ts';
import { brokerError, persist } from './persist.ts';

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

/**
 * Thrown for the `around` middlewares, and already logged. The broker delivers the message again when its lock ends.
 */
export class SettlementFailed extends Error {
  override name = 'SettlementFailed';
}

/**
 * Carries out a settlement within `timeoutMs` and calls `settled` of the business when the broker has confirmed it. No
 * other code settles messages. Throws `SettlementFailed`.
 */
export function createSettle({ sendCopy, log, timeoutMs }: SettleOptions): Settle {
  const feasible = createFeasible({ sendCopy, log });
  let failures = 0;

  return async ({ delivery, receiver, business, settlement }) => {
    const { message, source } = delivery;
    const facts = { source: source.name, messageId: originalIdOf(message), settlement: settlement.kind };
    let last: unknown;
    let carried = settlement;
    const late = () => new Error(`The broker did not confirm within ${timeoutMs} ms.`, { cause: last });
    try {
      carried = await feasible(delivery, settlement);
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
      return receiver.deadLetterMessage(message, deadLetterOptions(settlement));
  }
}

/** The settlement for `settled`: when the last delivery is abandoned, the broker dead-letters the message by itself. */
function asSettled({ message, source }: Delivery, settlement: Settlement): Settlement {
  if (settlement.kind !== 'abandon' || (message.deliveryCount ?? 0) + 1 < source.maxDeliveryCount) return settlement;
  return {
    kind: 'dead-letter',
    reason: 'MaxDeliveryCountExceeded',
    description: `Message could not be consumed after ${source.maxDeliveryCount} delivery attempts.`,
  };
}
