import { expect, test } from 'vitest';
import { errorOf, noRenewal, openBroker, present, takeOne } from './testing/open-broker.ts';

const with60KB = { a: 'x'.repeat(30_000), b: 'x'.repeat(30_000) };

test('64 KB of properties are taken and more is too large, whichever way it is sent', async () => {
  const { client, broker } = await openBroker();
  const sender = client.createSender('q');
  const large = { body: 'x', applicationProperties: { ...with60KB, c: 'x'.repeat(6_000) } };
  const refusals = [
    errorOf(sender.sendMessages(large)),
    errorOf(sender.sendMessages([large])),
    errorOf(sender.scheduleMessages(large, new Date(Date.now() + 60_000))),
  ];
  for (const error of await Promise.all(refusals)) {
    expect(error).toMatchObject({ code: 'MessageSizeExceeded', message: expect.stringContaining('(65536)') });
  }
  await sender.sendMessages({ body: Buffer.alloc(190_000), applicationProperties: with60KB });
  expect(broker.entities.queue('q')?.queue.counts().total).toBe(1);
});

test('a property of more than 32 KB is refused without a reason, and binary data as too large, as Azure does it', async () => {
  const { connect } = await openBroker();
  const sender = connect({ maxRetries: 0, timeoutInMs: 5_000 }).createSender('q');
  const long = await errorOf(sender.sendMessages({ body: 'x', applicationProperties: { a: 'x'.repeat(32_769) } }));
  expect(long.message).toContain('The service was unable to process the request');
  const applicationProperties = { a: Buffer.from('bytes') } as unknown as Record<string, string>;
  expect(await errorOf(sender.sendMessages({ body: 'x', applicationProperties }))).toMatchObject({
    code: 'MessageSizeExceeded',
  });
});

test('a settlement whose properties find no room is refused, and the lock runs on', async () => {
  const { client, broker } = await openBroker();
  await client.createSender('q').sendMessages({ body: 'x', applicationProperties: with60KB });
  const receiver = client.createReceiver('q', noRenewal);
  const message = await takeOne(receiver);
  const reason = { deadLetterReason: 'r', deadLetterErrorDescription: 'd'.repeat(4_000), more: 'x'.repeat(3_000) };
  expect((await errorOf(receiver.deadLetterMessage(message, reason))).message).toContain('(65536)');
  const [locked] = broker.entities.queue('q')?.queue.peek(0, 1) ?? [];
  expect(present(locked)).toMatchObject({ lock: expect.anything(), changedProperties: {} });
});
