import { expect, type TestContext, test } from 'vitest';
import { connectOtherRegion } from '../../../../../src/observability/modules/multi-region/other-region.ts';
import { QueueUnavailable } from '../../../../../src/platform/errors.ts';
import { eventually, ids, inQueue, message, startBroker } from '../../../platform/service-bus/with-broker.ts';

const timeoutMs = 1_000;

async function connect(context: TestContext) {
  const broker = await startBroker(context, { queues: { parcels: {}, letters: {} } });
  const { send, close } = connectOtherRegion(broker.connectionString, undefined, timeoutMs);
  context.onTestFinished(() => close());
  return { broker, send };
}
const failures = async (sends: readonly Promise<void>[]) =>
  (await Promise.allSettled(sends)).flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));

test.concurrent('a message that is refused takes no others with it', async (context) => {
  const { broker, send } = await connect(context);
  const sends = [send('no-such-queue', message('refused')), ...ids(200).map((id) => send('parcels', message(id)))];
  expect((await failures(sends)).map((error) => error.cause.code)).toEqual(['MessagingEntityNotFound']);
  expect(inQueue(broker).total).toBe(200);
});

test.concurrent('after a send without an answer the next ones have a new connection, and the old one is closed later', async (context) => {
  const { broker, send } = await connect(context);
  await send('parcels', message('first'));
  broker.faults.ignoreSends({ times: 1 });
  expect((await failures([send('parcels', message('silent'))]))[0]).toBeInstanceOf(QueueUnavailable);
  await send('parcels', message('next'));
  expect(broker.faults.state()).toMatchObject({ connections: 2 });
  await eventually(() => expect(broker.faults.state()).toMatchObject({ connections: 1 }));
  await send('parcels', message('last'));
  expect(inQueue(broker).ids).toEqual(['first', 'next', 'last']);
});

test.concurrent('a broker that was away is reached again', async (context) => {
  const { broker, send } = await connect(context);
  await send('parcels', message('before'));
  await broker.faults.stopBroker();
  expect(await failures(ids(5).map((id) => send('parcels', message(id))))).toHaveLength(5);
  await broker.faults.startBroker();
  await eventually(() => send('parcels', message('after')));
  expect(inQueue(broker).ids).toContain('after');
});
