import { expect, type TestContext, test } from 'vitest';
import { createFallBack } from '../../../../../src/observability/modules/multi-region/fall-back.ts';
import { connectOtherRegion } from '../../../../../src/observability/modules/multi-region/other-region.ts';
import { MessageTooLarge, QueueUnavailable } from '../../../../../src/platform/errors.ts';
import { property } from '../../../../../src/platform/message-properties.ts';
import { recordedLog } from '../../../../../test/platform/recorded-log.ts';
import {
  eventually,
  type Given,
  ids,
  inQueue,
  message,
  startBroker,
  startWithBroker,
} from '../../../platform/service-bus/with-broker.ts';

const timeoutMs = 2_000;
const againMs = 600;

/** A service in one region, and the brokers of both. */
async function startTwoRegions(context: TestContext, given: Given = {}) {
  const other = await startBroker(context);
  const connected = connectOtherRegion(other.connectionString, undefined, 0.4 * timeoutMs);
  context.onTestFinished(() => connected.close());
  const log = recordedLog();
  const fallBack = createFallBack(connected.send, 0.6 * timeoutMs, log, againMs);
  const settings = { sendTimeoutMs: timeoutMs, handlerTimeoutMs: 1_000 };
  const { bus: own, send, service } = await startWithBroker(context, { ...given, send: [fallBack.send], settings });
  const told = () => log.lines.map(({ message }) => message);
  return { own, other, send, sendCopy: service.messaging.sendCopy, log, told };
}

const timed = async (run: () => Promise<unknown>) => {
  const from = performance.now();
  const error = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, ms: performance.now() - from };
};
const left = 'messages go to the other region';
const back = 'messages go to the own region again';

test.concurrent('while the own region accepts, the other one gets nothing', async (context) => {
  const { own, other, send, told } = await startTwoRegions(context);
  for (const id of ids(5)) await send('parcels', message(id));
  expect(inQueue(own).ids).toEqual(ids(5));
  expect(inQueue(other).total).toBe(0);
  expect(told()).toEqual([]);
});

test.concurrent('with the own broker down every message is accepted within the time of one send, and the next ones at once', async (context) => {
  const { own, other, send, told } = await startTwoRegions(context);
  await send('parcels', message('before'));
  await own.faults.stopBroker();
  const first = await Promise.all(ids(10).map((id) => timed(() => send('parcels', message(id)))));
  expect(first.filter(({ error }) => error)).toEqual([]);
  for (const { ms } of first) expect(ms).toBeLessThan(timeoutMs);
  const next = await timed(() => send('parcels', message('next')));
  expect(next).toMatchObject({ error: undefined });
  expect(next.ms).toBeLessThan(againMs);
  expect(inQueue(other).ids.toSorted()).toEqual([...ids(10), 'next'].toSorted());
  expect(told()).toEqual([left]);
});

test.concurrent('when the own region is back, one send finds it out and the others follow', async (context) => {
  const { own, other, send, log, told } = await startTwoRegions(context);
  await own.faults.stopBroker();
  await send('parcels', message('away'));
  await own.faults.startBroker();
  let sent = 0;
  await eventually(async () => {
    await send('parcels', message(`looking-${sent++}`));
    expect(told()).toEqual([left, back]);
  });
  await send('parcels', message('home'));
  expect(inQueue(own).ids).toContain('home');
  // Only what the own region did not accept lies in the other.
  expect(inQueue(own).total + inQueue(other).total).toBe(1 + sent + 1);
  expect(log.lines.at(-1)?.fields).toEqual({ entity: 'parcels' });
});

test.concurrent('a message that the own broker took without an answer goes to both, under one id', async (context) => {
  const { own, other, send } = await startTwoRegions(context);
  await send('parcels', message('before'));
  own.faults.ignoreSends({ carriedOut: true });
  const { error, ms } = await timed(() => send('parcels', message('twice')));
  expect(error).toBeUndefined();
  expect(ms).toBeLessThan(timeoutMs);
  expect(inQueue(own).ids).toContain('twice');
  expect(inQueue(other).ids).toEqual(['twice']);
});

test.concurrent('after the other region has accepted, the own one is not tried any more', async (context) => {
  const { own, other, send } = await startTwoRegions(context);
  await send('parcels', message('before'));
  await own.faults.stopBroker();
  await send('parcels', message('away'));
  await own.faults.startBroker();
  // As long as the platform would have tried: the first send that reaches the own region again is a later one.
  await eventually(() => send('parcels', message('later')).then(() => expect(inQueue(own).total).toBeGreaterThan(1)));
  expect(inQueue(own).ids).not.toContain('away');
  expect(inQueue(other).ids).toContain('away');
});

test.concurrent('a throttled own region is relieved by the other one', async (context) => {
  const { own, other, send } = await startTwoRegions(context);
  own.faults.serverBusy();
  const { error, ms } = await timed(() => send('parcels', message('a')));
  expect(error).toBeUndefined();
  expect(ms).toBeLessThan(againMs);
  expect(inQueue(other).ids).toEqual(['a']);
});

test.concurrent('what the other region would refuse too is the error of the own region, and nothing is sent there', async (context) => {
  const { own, other, send, told } = await startTwoRegions(context);
  await expect(send('parcels', { messageId: 'big', body: Buffer.alloc(300_000) })).rejects.toBeInstanceOf(
    MessageTooLarge,
  );
  for (const condition of ['amqp:unauthorized-access', 'com.microsoft:entity-disabled']) {
    own.faults.refuseSends({ times: 1, condition });
    await expect(send('parcels', message(condition))).rejects.toBeInstanceOf(QueueUnavailable);
  }
  expect(inQueue(other).total).toBe(0);
  expect(told()).toEqual([]);
});

test.concurrent('a queue that the own region lacks is not looked for in the other', async (context) => {
  const { other, send } = await startTwoRegions(context, { bus: await startBroker(context, { queues: { else: {} } }) });
  const refused = await send('parcels', message('a')).catch((error: unknown) => error);
  expect(refused).toMatchObject({ cause: { code: 'MessagingEntityNotFound' } });
  expect(inQueue(other).total).toBe(0);
});

test.concurrent('copies, replays and canaries stay in their region: their error is that of the own broker', async (context) => {
  const { own, other, sendCopy } = await startTwoRegions(context);
  await own.faults.stopBroker();
  const cause = { message: {}, source: { name: 'parcels' } } as never;
  const canary = { messageId: 'c', body: Buffer.alloc(0), applicationProperties: { [property.canary]: true } };
  await expect(sendCopy({ entity: 'parcels', message: message('copy'), cause })).rejects.toBeInstanceOf(
    QueueUnavailable,
  );
  await expect(sendCopy({ entity: 'parcels', message: canary })).rejects.toBeInstanceOf(QueueUnavailable);
  expect(inQueue(other).total).toBe(0);
});

test.concurrent('with both regions away the caller gets an answer in the time of one send', async (context) => {
  const { own, other, send } = await startTwoRegions(context);
  await own.faults.stopBroker();
  await other.faults.stopBroker();
  for (const id of ids(2)) {
    const { error, ms } = await timed(() => send('parcels', message(id)));
    expect(error).toBeInstanceOf(QueueUnavailable);
    expect(ms).toBeLessThan(timeoutMs + 400);
  }
});

test.concurrent('when the other region goes while the own one is back, messages do not wait for the next look', async (context) => {
  const { own, other, send } = await startTwoRegions(context);
  await own.faults.stopBroker();
  await send('parcels', message('away'));
  await own.faults.startBroker();
  await other.faults.stopBroker();
  const { error, ms } = await timed(() => send('parcels', message('home')));
  expect(error).toBeUndefined();
  expect(ms).toBeLessThan(timeoutMs);
  expect(inQueue(own).ids).toEqual(['home']);
});
