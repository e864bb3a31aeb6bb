// One test for each trap of rhea 3.0.5 that the sources close; an update of rhea that opens one again fails here.
import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import rhea, { type Connection, type Delivery, type EventContext, type Receiver } from 'rhea';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, noRenewal, openBroker, take, takeOne } from './testing/open-broker.ts';

const numbers = (count: number, body: (index: number) => unknown = (index) => index) =>
  Array.from({ length: count }, (_, index) => ({ body: body(index) }));

/** A client below the SDK, for what the SDK never does. */
function connectRaw(port: number, options: object = {}): Connection {
  const container = rhea.create_container();
  container.on('error', () => {});
  const connection = container.connect({ host: '127.0.0.1', port, username: 'local', reconnect: false, ...options });
  for (const event of ['disconnected', 'connection_error', 'connection_close']) connection.on(event, () => {});
  onTestFinished(() => connection.close());
  return connection;
}

test('ring buffer: one link settles more than 2,048 messages', async () => {
  const { client, broker } = await openBroker();
  await client.createSender('q').sendMessages(numbers(2_600));
  const receiver = client.createReceiver('q', noRenewal);
  for (let received = 0; received < 2_600; ) {
    const messages = await take(receiver, 650);
    expect(messages.length).toBeGreaterThan(0);
    await Promise.all(messages.map((message) => receiver.completeMessage(message)));
    received += messages.length;
  }
  expect(broker.entities.queue('q')?.queue.counts().total).toBe(0);
});

test('ring buffer: one link hands out more than 2,048 messages that need no settlement', async () => {
  const { client } = await openBroker();
  await client.createSender('q').sendMessages(numbers(2_600));
  const receiver = client.createReceiver('q', { receiveMode: 'receiveAndDelete' });
  const bodies: unknown[] = [];
  while (bodies.length < 2_600) {
    const messages = await take(receiver, 1_300);
    expect(messages.length).toBeGreaterThan(0);
    bodies.push(...messages.map(({ body }) => body));
  }
  expect(bodies).toEqual(numbers(2_600).map(({ body }) => body));
});

test('ring buffer: a management link answers more than 2,048 requests', async () => {
  const lines: string[] = [];
  const { client } = await openBroker({ log: (line) => lines.push(line) });
  const receiver = client.createReceiver('q', noRenewal);
  for (let asked = 0; asked < 2_100; asked += 300) {
    await Promise.all(Array.from({ length: 300 }, () => receiver.peekMessages(1)));
  }
  // A full buffer is a defect that closes the link, and the SDK opens another.
  expect(lines).toEqual([expect.stringContaining('for development and tests only')]);
});

test('ring buffer: a link that was full goes on when the client settles', async () => {
  const { broker, client } = await openBroker();
  await client.createSender('q').sendMessages(numbers(2_100));
  const session = connectRaw(broker.port).create_session();
  session.open();
  const receiver = session.open_receiver({ source: 'q', credit_window: 0, autoaccept: false, rcv_settle_mode: 1 });
  const held: Delivery[] = [];
  let received = 0;
  receiver.on('message', ({ delivery }: EventContext) => {
    received += 1;
    if (delivery) held.push(delivery);
    // Only now may a slot come free: the credit for the rest was given long ago.
    if (received >= 2_048) for (const each of held.splice(0)) each.accept();
  });
  receiver.on('receiver_open', () => receiver.add_credit(2_100));
  await eventually(() => expect(received).toBe(2_100));
});

test('receive and delete: transfers come settled', async () => {
  const { broker, client } = await openBroker();
  await client.createSender('q').sendMessages(numbers(1));
  const receiver = connectRaw(broker.port).open_receiver({ source: 'q', rcv_settle_mode: 0, snd_settle_mode: 1 });
  const { delivery } = await new Promise<EventContext>((resolve) => receiver.once('message', resolve));
  expect(delivery?.remote_settled).toBe(true);
});

test('40 ms: no request waits for the acknowledgement of what was sent before it', async () => {
  const { broker } = await openBroker();
  const receiver = connectRaw(broker.port).open_receiver({ source: '$cbs', credit_window: 10 });
  await new Promise((resolve) => receiver.once('receiver_flow', resolve));
  // Answers come settled, so that there is nothing to send between two requests.
  expect(receiver.snd_settle_mode).toBe(1);
});

test('size: a batch is measured as a whole', async () => {
  const { broker } = await openBroker();
  const { message } = rhea;
  const inner = message.encode({ body: message.data_section(Buffer.alloc(100_000)) });
  const sender = connectRaw(broker.port).open_sender({ target: 'q' });
  const batch = message.encode({ body: message.data_sections([inner, inner, inner]) });
  sender.once('sendable', () => sender.send(batch, undefined, 0x80013700));
  const { delivery } = await new Promise<EventContext>((resolve) => sender.once('rejected', resolve));
  expect(delivery?.remote_state?.error.condition).toBe('amqp:link:message-size-exceeded');
  expect(broker.entities.queue('q')?.queue.counts().total).toBe(0);
});

test('credit: no consumer gets more than it asked for, however the frames are written', async () => {
  const { client, broker } = await openBroker();
  const counts = () =>
    broker.entities
      .queue('q')
      ?.queue.peek(0, 100)
      .filter(({ lock }) => lock).length;
  const receiver = client.createReceiver('q', noRenewal);
  const waiting = receiver.receiveMessages(3, { maxWaitTimeInMs: 2_000 });
  await client.createSender('q').sendMessages(numbers(20));
  expect(await waiting).toHaveLength(3);
  expect(counts()).toBe(3);
  expect(await take(receiver, 5)).toHaveLength(5);
  expect(counts()).toBe(8);
});

test('credit: what a drain took back is not granted again', async () => {
  const { client, broker } = await openBroker();
  const receiver = client.createReceiver('q', noRenewal);
  expect(await receiver.receiveMessages(10, { maxWaitTimeInMs: 20 })).toEqual([]);
  const waiting = receiver.receiveMessages(2, { maxWaitTimeInMs: 2_000 });
  await client.createSender('q').sendMessages(numbers(20));
  expect(await waiting).toHaveLength(2);
  expect(
    broker.entities
      .queue('q')
      ?.queue.peek(0, 100)
      .filter(({ lock }) => lock),
  ).toHaveLength(2);
});

test('drain: answered at once with credit left', async () => {
  const { client, broker } = await openBroker();
  const receiver = client.createReceiver('q', noRenewal);
  for (let round = 0; round < 3; round += 1) {
    expect(await receiver.receiveMessages(10, { maxWaitTimeInMs: 10 })).toEqual([]);
  }
  // The SDK closes a link whose drain is not answered within 200 ms.
  expect(broker.faults.state()).toMatchObject({ links: 1, linksOpened: 1 });
});

test('drain: answered with no credit left, after the transfers that used it up', async () => {
  const { broker, client } = await openBroker();
  await client.createSender('q').sendMessages(numbers(3));
  const events: string[] = [];
  const receiver: Receiver = connectRaw(broker.port).open_receiver({
    source: 'q',
    credit_window: 0,
    autoaccept: false,
    rcv_settle_mode: 1,
  });
  receiver.on('message', ({ message }: EventContext) => events.push(String(message?.body.content)));
  receiver.on('receiver_drained', () => events.push('drained'));
  receiver.on('receiver_open', () => {
    receiver.add_credit(3);
    receiver.drain_credit();
  });
  await eventually(() => expect(events).toEqual(['0', '1', '2', 'drained']));
});

test('drain: the SDK keeps its link through many short receives', async () => {
  const { client, broker } = await openBroker();
  const sender = client.createSender('q');
  const receiver = client.createReceiver('q', noRenewal);
  for (let round = 0; round < 30; round += 1) {
    const arriving = sender.sendMessages(numbers(4));
    const messages = await receiver.receiveMessages(3, { maxWaitTimeInMs: 5 });
    await Promise.all(messages.map((message) => receiver.completeMessage(message)));
    await arriving;
  }
  // One of the sender and one of the receiver, which was never closed and opened anew.
  expect(broker.faults.state()).toMatchObject({ links: 2, linksOpened: 2 });
});

test('stranded transfers: a drain waits for the window of the client', async () => {
  const { broker, client } = await openBroker();
  await client.createSender('q').sendMessages(numbers(3, () => Buffer.alloc(3_000)));
  // Frames of 1 kB and room for two transfers: each message takes four frames and more than one window.
  const raw = connectRaw(broker.port, { max_frame_size: 1_024 });
  const session = raw.create_session({ incoming: 2, outgoing: 2 });
  session.open();
  const receiver: Receiver = session.open_receiver({ source: 'q', credit_window: 0 });
  const events: string[] = [];
  receiver.on('message', () => events.push('message'));
  receiver.on('receiver_drained', () => events.push('drained'));
  receiver.on('receiver_open', () => {
    receiver.add_credit(5);
    receiver.drain_credit();
  });
  await eventually(() => expect(events).toContain('drained'));
  expect(events).toEqual(['message', 'message', 'message', 'drained']);
});

test('destroyed socket: its consumer swallows nothing more', async () => {
  const { client, connect, broker } = await openBroker();
  const zombie = connect({ timeoutInMs: 500, maxRetries: 0, retryDelayInMs: 60_000 });
  const pending = zombie.createReceiver('q', noRenewal).receiveMessages(50, { maxWaitTimeInMs: 60_000 });
  pending.catch(() => {});
  await eventually(() => expect(broker.faults.state()).toMatchObject({ links: 1 }));
  broker.faults.dropSockets();
  await eventually(() => expect(broker.faults.state()).toMatchObject({ links: 0 }));
  await client.createSender('q').sendMessages(numbers(10));
  expect(await take(client.createReceiver('q', noRenewal), 10)).toHaveLength(10);
});

test('message id: one is made where the sender gave none, so that settling works', async () => {
  const { client } = await openBroker();
  const sender = client.createSender('q');
  await sender.sendMessages([{ body: 1 }, { body: 2 }]);
  await sender.scheduleMessages({ body: 3 }, new Date(0));
  const receiver = client.createReceiver('q');
  const messages = await take(receiver, 3);
  expect(messages.map(({ messageId }) => messageId)).toEqual(
    Array(3).fill(expect.stringMatching(/^[0-9a-f-]{32,36}$/)),
  );
  for (const message of messages) await receiver.completeMessage(message);
});

test('bytes are gone: types that JavaScript does not have survive the way through', async () => {
  const { broker, client } = await openBroker();
  const { types } = rhea;
  const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const sender = connectRaw(broker.port).open_sender('q');
  sender.on('sendable', () =>
    sender.send({
      message_id: uuid,
      application_properties: { long: types.wrap_long(5), uuid: types.wrap_uuid(uuid), symbol: types.wrap_symbol('s') },
      body: types.wrap_ulong(7),
    }),
  );
  await new Promise((resolve) => sender.once('accepted', resolve));
  const stored = broker.entities.queue('q')?.queue.peek(0, 1)[0]?.content.sections;
  expect(stored?.applicationProperties?.includes(Buffer.from([0x98, ...uuid]))).toBe(true);
  expect(stored?.applicationProperties?.includes(Buffer.from([0x55, 5]))).toBe(true);
  expect(stored?.applicationProperties?.includes(Buffer.from([0xa3, 1, 's'.charCodeAt(0)]))).toBe(true);
  expect(stored?.body).toEqual(Buffer.from([0x00, 0x53, 0x77, 0x53, 7]));
  const receiver = client.createReceiver('q', noRenewal);
  await receiver.abandonMessage(await takeOne(receiver), { tried: true });
  const again = await takeOne(receiver);
  expect(again.applicationProperties).toMatchObject({ long: 5, uuid, symbol: 's', tried: true });
});

test('bytes that are no AMQP message are refused and harm nobody else', async () => {
  const { broker, client } = await openBroker();
  const sender = connectRaw(broker.port).open_sender({ target: 'q', autosettle: true });
  const refusals: unknown[] = [];
  sender.on('rejected', ({ delivery }: EventContext) => refusals.push(delivery?.remote_state?.error.condition));
  sender.on('sendable', () => {
    if (refusals.length > 0) return;
    for (const bytes of ['', '00', '005373', 'ffffff', '005373c0ff', '00537301']) {
      if (bytes) sender.send(Buffer.from(bytes, 'hex'), undefined, 0);
    }
  });
  await eventually(() => expect(refusals).toEqual(Array(5).fill('amqp:decode-error')));
  await client.createSender('q').sendMessages({ body: 'fine' });
  expect((await takeOne(client.createReceiver('q', noRenewal))).body).toBe('fine');
});

test('a client that speaks TLS or HTTP to the port is told so in the log', async () => {
  const lines: string[] = [];
  const { broker } = await openBroker({ log: (line) => lines.push(line) });
  const socket = createConnection(broker.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(Buffer.from('16030101fa010001f60303aabbccddeeff', 'hex'));
  await eventually(() => expect(lines.at(-1)).toContain('UseDevelopmentEmulator=true'));
  socket.destroy();
});

test('garbage on the port ends its own connection and harms nobody else', async () => {
  const { broker, client } = await openBroker();
  const headers = ['414d515003010000', '414d515000010000', ''];
  const ends = headers.flatMap((header) =>
    Array.from({ length: 10 }, () => {
      const socket = createConnection(broker.port, '127.0.0.1');
      socket.on('error', () => {});
      const frame = Buffer.concat([Buffer.from([0, 0, 0, 64, 2, 0, 0, 0]), randomBytes(56)]);
      socket.end(Buffer.concat([Buffer.from(header, 'hex'), frame, randomBytes(200)]));
      socket.resume();
      return new Promise((resolve) => socket.once('close', resolve));
    }),
  );
  await Promise.all(ends);
  await client.createSender('q').sendMessages({ body: 'fine' });
  expect((await takeOne(client.createReceiver('q', noRenewal))).body).toBe('fine');
});
