// only with: api
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Tools } from '../../platform/business.ts';
import type { NewOrder, Order } from './order.ts';
import { orderEvents } from './order-events.ts';
import { ordersQueue, ordersTopic, toMessage } from './order-message.ts';

type OrderRequest = Request<Record<string, string>, unknown, NewOrder>;

/** Answers 202 at the end, when everything is done that must not be lost: until then the caller may send it again. */
export function acceptOrder(tools: Tools) {
  return async function acceptOrder(request: OrderRequest, response: Response): Promise<void> {
    const order: Order = { orderId: randomUUID(), ...request.body };
    const { orderId, quantity } = order;
    // only with: worker
    await tools.send(ordersQueue, toMessage(order));
    // end
    // only with: topic and no worker
    await tools.send(ordersTopic, toMessage(order));
    // end
    orderEvents.accepted({ orderId, quantity });
    tools.log.info('order accepted', { orderId });
    response.status(202).json({ orderId });
  };
}
