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

/** Already logged: thrown so that the middlewares around see it. The broker gives the message out again when its lock ends. */
export class SettlementFailed extends Error {
  override name = 'SettlementFailed';
}

/**
 * Carries a settlement out, with a deadline, and tells the business when the broker has confirmed. The only place that
 * settles. Throws `SettlementFailed`.
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

/** The broker itself dead-letters a message whose last delivery is abandoned, and tells nobody. */
function asSettled({ message, source }: Delivery, settlement: Settlement): Settlement {
  if (settlement.kind !== 'abandon' || (message.deliveryCount ?? 0) + 1 < source.maxDeliveryCount) return settlement;
  return {
    kind: 'dead-letter',
    reason: 'MaxDeliveryCountExceeded',
    description: `Message could not be consumed after ${source.maxDeliveryCount} delivery attempts.`,
  };
}
