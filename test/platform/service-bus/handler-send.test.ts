import { expect, test } from 'vitest';
import type { Delivery, ReceivedMessage, ServiceBusMessage } from '../../../src/platform/messaging.ts';
import { sendFrom } from '../../../src/platform/service-bus/handler-send.ts';

const enqueued = new Date('2026-01-31T20:00:00.000Z');

/** The ids of the messages that one run of a handler sends. */
async function idsOf(
  message: Partial<ReceivedMessage>,
  { handles = 'orders', sends = [['events', {}]] as [entity: string, message: Partial<ServiceBusMessage>][] } = {},
): Promise<unknown[]> {
  const ids: unknown[] = [];
  const delivery = { message: { messageId: 'o-1', enqueuedTimeUtc: enqueued, ...message }, handles } as Delivery;
  const send = sendFrom(delivery, async (_entity, { messageId }) => void ids.push(messageId));
  for (const [entity, outgoing] of sends) await send(entity, { body: 'x', ...outgoing });
  return ids;
}

const [first] = await idsOf({});

test('a redelivery and a copy send under the same id', async () => {
  expect(first).toMatch(/^obs-[\da-f]{64}$/);
  expect(await idsOf({ deliveryCount: 3 })).toEqual([first]);
  const copied = { 'obs-original-id': 'o-1', 'obs-first-enqueued-at': enqueued.toISOString(), 'obs-copy': 2 };
  const copy = { messageId: 'obs-0a', applicationProperties: copied, enqueuedTimeUtc: new Date() };
  expect(await idsOf(copy)).toEqual([first]);
});

test('another message, handler, target or number has another id', async () => {
  const others = [
    ...(await idsOf({ messageId: 'o-2' })),
    ...(await idsOf({ enqueuedTimeUtc: new Date(enqueued.getTime() + 1) })),
    ...(await idsOf({}, { handles: 'order-events/audit' })),
    ...(await idsOf({}, { sends: [['invoices', {}]] })),
    ...(
      await idsOf(
        {},
        {
          sends: [
            ['events', {}],
            ['events', {}],
          ],
        },
      )
    ).slice(1),
  ];
  expect(new Set([first, ...others]).size).toBe(6);
});

test('an id that the handler gives stays', async () => {
  expect(await idsOf({}, { sends: [['events', { messageId: 'mine' }]] })).toEqual(['mine']);
});
