// only with: worker
import type { HandlerTools } from '../../platform/business.ts';
import type { ReceivedMessage } from '../../platform/messaging.ts';
import { orderEvents } from './order-events.ts';
import { fromMessage, ordersQueue, ordersTopic, toMessage } from './order-message.ts';
import { tellPartner } from './order-partner.ts';

/** Does the work. It may run again for the same message, so each of its steps must stand a repetition. */
export async function handleOrder(message: ReceivedMessage, tools: HandlerTools): Promise<void> {
  const order = fromMessage(message);
  const { orderId } = order;
  await tools.call('partner', () => tellPartner(order, tools));
  // only with: topic
  await tools.send(ordersTopic, toMessage(order));
  // end
  orderEvents.handled({ orderId, by: ordersQueue });
  tools.log.info('order handled', { orderId, attempt: tools.attempt });
}
