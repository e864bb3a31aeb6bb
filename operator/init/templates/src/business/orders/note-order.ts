// only with: topic
import type { Handler } from '../../platform/business.ts';
import { orderEvents } from './order-events.ts';
import { fromMessage } from './order-message.ts';

/** The handler of one subscription. Replace it by what this receiver does; give another receiver a subscription of its own. */
export function noteOrder(by: string): Handler {
  return async function noteOrder(message, tools) {
    const { orderId } = fromMessage(message);
    orderEvents.handled({ orderId, by });
    tools.log.info('order noted', { orderId, by });
  };
}
