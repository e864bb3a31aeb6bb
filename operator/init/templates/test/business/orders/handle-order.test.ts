// only with: worker
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ordersQueue, ordersTopic } from '../../../src/business/orders/order-message.ts';
import { MalformedError, PermanentError, TransientError } from '../../../src/platform/errors.ts';
import { handle, order } from './handled-order.ts';

/** The partner: answers with `status` and keeps what it was asked. */
let status = 200;
let asked: { key: unknown; body: unknown }[] = [];
const partner = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  asked.push({ key: request.headers['idempotency-key'], body: JSON.parse(body) });
  response.writeHead(status).end();
});
let settings: Record<string, string> = {};

beforeAll(async () => {
  await new Promise<void>((done) => partner.listen(0, '127.0.0.1', done));
  settings = { ORDERS_PARTNER_URL: `http://127.0.0.1:${(partner.address() as AddressInfo).port}` };
});
afterAll(() => new Promise((done) => partner.close(done).closeAllConnections()));
beforeEach(() => {
  status = 200;
  asked = [];
});

test('the partner is told once, under the id as its key', async () => {
  const { called } = await handle(ordersQueue, order, settings);
  expect(called).toEqual(['partner']);
  expect(asked).toEqual([{ key: order.orderId, body: order }]);
});

test.each([503, 429])('after %i another attempt may succeed, and nobody else is told', async (answer) => {
  status = answer;
  await expect(handle(ordersQueue, order, settings)).rejects.toThrow(TransientError);
});

test('after 422 no other attempt can succeed', async () => {
  status = 422;
  const refused = handle(ordersQueue, order, settings);
  await expect(refused).rejects.toThrow(PermanentError);
  await expect(refused).rejects.toMatchObject({ reason: 'PartnerRefused' });
});

test('a partner that does not answer may answer later', async () => {
  const nobody = { ORDERS_PARTNER_URL: 'http://127.0.0.1:9' };
  await expect(handle(ordersQueue, order, nobody)).rejects.toThrow('The partner cannot be reached.');
});

test('a message that this business did not write is malformed, and the partner is not told', async () => {
  await expect(handle(ordersQueue, { item: 'lamp' }, settings)).rejects.toThrow(MalformedError);
  expect(asked).toEqual([]);
});

// only with: topic
test('the topic is told after the partner', async () => {
  const { sent } = await handle(ordersQueue, order, settings);
  const message = expect.objectContaining({ messageId: order.orderId, body: order });
  expect(sent).toContainEqual({ target: ordersTopic, message });
});
// end
