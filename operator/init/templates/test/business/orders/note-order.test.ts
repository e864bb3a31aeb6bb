// only with: topic
import { expect, test } from 'vitest';
import { ordersTopic, subscriptions } from '../../../src/business/orders/order-message.ts';
import { handle, order } from './handled-order.ts';

test.each(subscriptions)('the subscription %s has a handler that reads what was sent to the topic', async (by) => {
  const { lines } = await handle(`${ordersTopic}/${by}`, order);
  expect(lines).toMatchObject([{ message: 'order noted', fields: { orderId: order.orderId, by } }]);
});
