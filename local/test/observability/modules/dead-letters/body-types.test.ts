import rhea from 'rhea';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRetry } from '../../../../../src/observability/modules/dead-letters/retry.ts';
import { systemClock } from '../../../../../src/platform/clock.ts';
import { originalIdOf, property, withoutOurs } from '../../../../../src/platform/message-properties.ts';
import type { ReceivedMessage } from '../../../../../src/platform/messaging.ts';
import { readQueues } from '../../../../../src/platform/service-bus/queues.ts';
import { createMessaging } from '../../../../../src/platform/service-bus/service-bus-messaging.ts';
import { recordingLog } from '../../../../../test/platform/service-bus/recording-log.ts';
import { startServiceBus } from '../../../../service-bus/index.ts';
import { eventually } from '../../../platform/service-bus/with-broker.ts';

const { types, message: amqp } = rhea;
const text = (value: string) => Buffer.from(value);
const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const beyondLong = Buffer.from('ffffffffffffffff', 'hex');
const timeSpan = () => types.wrap_described(types.wrap_long(12_345), 'com.microsoft:timespan');

interface Row {
  name: string;
  sent: Record<string, unknown>;
  /** What every delivery shows, the first as well as that of the copy. */
  shown: Partial<ReceivedMessage>;
}

const body = (name: string, sent: unknown, shown: unknown): Row => ({
  name,
  sent: { body: sent },
  shown: { body: shown },
});
const bodies: Row[] = [
  body('data', amqp.data_section(text('hello')), text('hello')),
  body('data without a byte', amqp.data_section(text('')), text('')),
  body('data that is JSON', amqp.data_section(text('{"a":1}')), text('{"a":1}')),
  body('data in three sections', amqp.data_sections([text('Hel'), text(''), uuid]), Buffer.concat([text('Hel'), uuid])),
  body('a value that is text', 'text', 'text'),
  body('a value that is empty text', '', ''),
  body('a value that is a number', 5, 5),
  body('a value that is zero', 0, 0),
  body('a value that is no number', types.wrap_double(Number.NaN), Number.NaN),
  body('a value that is false', false, false),
  body('a value that is null', null, null),
  body('a value that is a date', new Date(1_700_000_000_000), new Date(1_700_000_000_000)),
  body('a value that is binary data', text('raw'), text('raw')),
  body('a value that is a map', { a: 1, list: [-1, 'x', null] }, { a: 1, list: [-1, 'x', null] }),
  body('a sequence', amqp.sequence_section([1, 'a', { z: 2.5 }]), [1, 'a', { z: 2.5 }]),
  body('a sequence without an item', amqp.sequence_section([]), []),
];

const own = (name: string, value: unknown, shown: unknown): Row => ({
  name: `the property ${name}`,
  sent: { application_properties: { [name]: value }, body: amqp.data_section(text('x')) },
  shown: { applicationProperties: { [name]: shown } as NonNullable<ReceivedMessage['applicationProperties']> },
});
const properties: Row[] = [
  own('text', 'ü', 'ü'),
  own('empty', '', ''),
  own('yes', true, true),
  own('none', null, null),
  own('byte', types.wrap_byte(-3), -3),
  own('long', types.wrap_long(-(2 ** 52)), -(2 ** 52)),
  own('ulong', types.wrap_ulong(42), 42),
  own('beyond', types.wrap_ulong(beyondLong), beyondLong),
  own('float', types.wrap_float(1.5), 1.5),
  own('double', types.wrap_double(1e300), 1e300),
  own('minusZero', types.wrap_double(-0), -0),
  own('noNumber', types.wrap_double(Number.NaN), Number.NaN),
  own('char', types.wrap_char(65), 65),
  own('symbol', types.wrap_symbol('s'), 's'),
  own('date', types.wrap_timestamp(-62_135_596_800_000), new Date('0001-01-01T00:00:00Z')),
  own('guid', types.wrap_uuid(uuid), uuid),
  own('timeSpan', timeSpan(), expect.objectContaining({ value: 12_345 })),
];

const field = (name: string, sent: object, shown: Partial<ReceivedMessage>): Row => ({
  name,
  sent: { body: amqp.data_section(text('x')), ...sent },
  shown,
});
const fields: Row[] = [
  field('a correlation id that is a UUID', { correlation_id: types.wrap_uuid(uuid) }, { correlationId: uuid }),
  field('a correlation id that is a number', { correlation_id: types.wrap_ulong(77) }, { correlationId: 77 }),
  field(
    'everything else',
    { subject: 's', to: 't', reply_to: 'r', group_id: 'g', content_type: 'text/plain' },
    {
      ...{ subject: 's', to: 't', replyTo: 'r', sessionId: 'g', contentType: 'text/plain' },
    },
  ),
];

/** What the SDK would send changed: its message comes back as itself, with a warning that names why. */
const left: [name: string, sent: Record<string, unknown>, why: string][] = [
  ['a body of two sequences', { body: amqp.sequence_sections([[1], [2]]) }, 'several sequence sections'],
  ['a list with what is no number', { body: [types.wrap_double(Number.NaN)] }, 'Its body holds a value'],
  ['a content encoding', { content_encoding: 'gzip', body: amqp.data_section(text('x')) }, 'content encoding'],
  ['a correlation id of bytes', { correlation_id: types.wrap_binary(text('b')), body: 'x' }, 'correlation id'],
  [
    '64 KB of properties',
    { application_properties: { a: 'x'.repeat(31_000), b: 'x'.repeat(31_000) }, body: 'x' },
    'no room',
  ],
];

const rows = [...bodies, ...properties, ...fields];
const { log, lines } = recordingLog();
const deliveries = new Map<string, ReceivedMessage[]>();
const of = (name: string) => deliveries.get(name) ?? [];
const ends: (() => unknown)[] = [];

/** All are sent as a sender of another language does it, then copied once by the real SDK. */
beforeAll(async () => {
  const entities = { queues: { parcels: {} } };
  const bus = await startServiceBus({ entities });
  const service = createMessaging({
    connection: { kind: 'connection-string', connectionString: bus.connectionString },
    businesses: [{ name: 'test', handlers: { parcels: async () => {} } }],
    ...{ roles: ['worker'], settings: { sendTimeoutMs: 5_000, handlerTimeoutMs: 30_000 }, log },
    queues: readQueues({ name: 'the entities of this test', text: JSON.stringify(entities) }),
    receive: [
      createRetry({
        decide: () => ({ kind: 'later', at: new Date(), attempt: 2 }),
        ...{ canCopy: () => true, clock: systemClock, log, immediateDelaysMs: [] },
      }),
      async ({ message }, next) => {
        const id = originalIdOf(message);
        deliveries.set(id, [...of(id), { ...message }]);
        if (of(id).length === 1) throw new Error('not yet');
        return next();
      },
    ],
  });
  const connection = rhea
    .create_container()
    .connect({ host: '127.0.0.1', port: bus.port, username: 'any', reconnect: false });
  ends.push(
    () => service.stop(AbortSignal.abort()),
    () => connection.close(),
    () => bus.stop(),
  );
  for (const event of ['disconnected', 'connection_close']) connection.on(event, () => {}); // rhea would print them
  const sender = connection.open_sender('parcels');
  await new Promise((resolve) => sender.once('sendable', resolve));
  for (const { name, sent } of rows) sender.send({ message_id: name, body: undefined, ...sent });
  for (const [name, sent] of left) sender.send({ message_id: name, body: undefined, ...sent });
  service.start();
  await eventually(() =>
    expect([...deliveries.values()].filter(({ length }) => length >= 2)).toHaveLength(rows.length + left.length),
  );
});
afterAll(async () => {
  for (const end of ends) await end();
});

test.each(rows)('$name arrives the same as a copy', ({ name, shown }) => {
  const [first, copy] = of(name);
  expect(copy?.applicationProperties).toMatchObject({ [property.originalId]: name, [property.copy]: 2 });
  const bare = (message: ReceivedMessage | undefined) => {
    const { applicationProperties = {}, _rawAmqpMessage, ...rest } = message as ReceivedMessage;
    const { body: raw, bodyType } = _rawAmqpMessage;
    // A data or sequence section is one in the raw message; a value is the value itself.
    return { ...rest, applicationProperties: withoutOurs(applicationProperties), bodyType, section: raw?.typecode };
  };
  for (const message of [first, copy]) expect(bare(message)).toMatchObject(shown);
  const { body: firstBody, applicationProperties, bodyType, section } = bare(first);
  expect(bare(copy)).toMatchObject({ bodyType, section });
  expect([bare(copy).body, bare(copy).applicationProperties]).toStrictEqual([firstBody, applicationProperties]);
});

describe('what the SDK would send changed is left to the broker', () => {
  test.each(left)('%s', (name, _sent, why) => {
    expect(of(name).map(({ messageId, deliveryCount }) => [messageId, deliveryCount])).toEqual([
      [name, 0],
      [name, 1],
    ]);
    const warnings = lines.filter(({ fields: { messageId } }) => messageId === name);
    expect(warnings).toMatchObject([{ severity: 'warning', message: 'message left to the broker' }]);
    expect(warnings[0]?.fields.why).toContain(why);
  });
});
