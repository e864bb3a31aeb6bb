// only with: api
import { expect, test } from 'vitest';
import { ordersQueue, ordersTopic } from '../../../src/business/orders/order-message.ts';
import { runningOrders } from './running-orders.ts';

const given = { item: 'lamp', quantity: 2 };

test('what is given is accepted with 202 and an id', async () => {
  const { post } = await runningOrders();
  expect(await post(given)).toEqual({ status: 202, body: { orderId: expect.stringMatching(/^[\da-f-]{36}$/) } });
});

test.each([
  ['no item', { quantity: 2 }, 'item: '],
  ['a quantity that is no number', { ...given, quantity: 'two' }, 'quantity: '],
  ['a quantity of 0', { ...given, quantity: 0 }, 'quantity: '],
  ['no JSON', '{', ''],
])('%s is refused with 400 and told why, and nothing is sent', async (_, body, says) => {
  const { post, sent } = await runningOrders();
  const answer = await post(body);
  expect(answer).toMatchObject({ status: 400, body: { status: 400, detail: expect.stringContaining(says) } });
  expect(sent).toEqual([]);
});

test('another media type is refused with 415', async () => {
  const { post } = await runningOrders();
  expect(await post('item=lamp', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 });
});

// only with: worker or topic
test('the answer comes after the broker has the message, which carries the id of the answer', async () => {
  const { post, sent } = await runningOrders();
  const { orderId } = (await post(given)).body;
  // only with: worker
  expect(sent).toMatchObject([{ target: ordersQueue, message: { messageId: orderId, body: { ...given, orderId } } }]);
  // end
  // only with: topic and no worker
  expect(sent).toMatchObject([{ target: ordersTopic, message: { messageId: orderId, body: { ...given, orderId } } }]);
  // end
});
// end
