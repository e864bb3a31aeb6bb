// only with: worker or topic
import { jsonOf } from '../../platform/json-body.ts';
import type { ReceivedMessage, ServiceBusMessage } from '../../platform/messaging.ts';
import { type Order, orderSchema } from './order.ts';

// only with: worker
/** The queue of what waits to be handled; its settings are in `infra/queues.json`. */
export const ordersQueue = 'orders';

// end
// only with: topic
/** The topic that tells others; each of its subscriptions gets every message. */
export const ordersTopic = 'order-events';
export const subscriptions = ['audit', 'reports'] as const;

// end
/** The broker drops a second message with the same id, so a repeated send is one message. */
export const toMessage = (order: Order): ServiceBusMessage => ({
  messageId: order.orderId,
  body: order,
  contentType: 'application/json',
});

/** Throws `MalformedError` when the message was not written by `toMessage`: no other attempt could read it. */
export const fromMessage = (message: ReceivedMessage): Order => jsonOf(message, orderSchema);
