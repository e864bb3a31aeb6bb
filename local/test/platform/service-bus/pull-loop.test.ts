import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { createClient, openReceiver } from '../../../../src/platform/service-bus/clients.ts';
import { createPullLoop, type PullLoop } from '../../../../src/platform/service-bus/pull-loop.ts';
import { createGate, createReceiveReport } from '../../../../src/platform/service-bus/receiver.ts';
import { recordingLog } from '../../../../test/platform/service-bus/recording-log.ts';
import { eventually, ids, message, startBroker } from './with-broker.ts';

const source = { name: 'parcels', queue: 'parcels', lockDurationMs: 60_000, maxDeliveryCount: 10 };

/** Four links to a broker of the test's own, and how many of them ask it at the same time. */
async function startLinks(context: Pick<TestContext, 'onTestFinished'>) {
  const bus = await startBroker(context);
  const client = createClient({ kind: 'connection-string', connectionString: bus.connectionString });
  const asking = { all: 0, now: 0, most: 0, failed: 0 };
  const receivers = ids(4).map(() => {
    const receiver = openReceiver(client, source);
    const receive = receiver.receiveMessages.bind(receiver);
    receiver.receiveMessages = async (...given) => {
      asking.all += 1;
      asking.now += 1;
      asking.most = Math.max(asking.most, asking.now);
      try {
        return await receive(...given);
      } catch (error) {
        asking.failed += 1;
        throw error;
      } finally {
        asking.now -= 1;
      }
    };
    return receiver;
  });
  const { log } = recordingLog();
  const common = {
    receivers,
    gate: createGate('parcels', log, () => {}),
    report: createReceiveReport('parcels', log),
    stuck: () => {},
    answerTimeoutMs: 5_000,
    waitMs: 100,
  };
  const endWith = (loop: PullLoop) =>
    context.onTestFinished(async () => {
      await loop.stop();
      await client.close();
    });
  return { bus, client, asking, common, endWith };
}

test('while the broker is away one link tries again, and not all of them', async (context) => {
  const { bus, asking, common, endWith } = await startLinks(context);
  await bus.faults.stopBroker();
  endWith(createPullLoop({ ...common, handle: async () => {} }));
  await eventually(() => expect(asking.failed).toBeGreaterThan(3));
  expect(asking.most).toBe(1);
});

test('while nothing comes one link waits for all, and a burst has them all', async (context) => {
  const { bus, client, asking, common, endWith } = await startLinks(context);
  let inHand = 0;
  let most = 0;
  const goOn = Promise.withResolvers<void>();
  const loop = createPullLoop({
    ...common,
    handle: async ({ message: received, receiver }) => {
      inHand += 1;
      most = Math.max(most, inHand);
      await goOn.promise;
      await receiver.completeMessage(received);
      inHand -= 1;
    },
  });
  endWith(loop);

  const seen: number[] = [];
  await eventually(() => {
    seen.push(asking.now);
    expect(seen.slice(-50)).toEqual(Array.from({ length: 50 }, () => expect.toBeOneOf([0, 1])));
  });

  const sender = client.createSender('parcels');
  await sender.sendMessages(ids(20).map((id) => message(id)));
  await eventually(() => expect(most).toBe(4));
  goOn.resolve();
  await eventually(() => expect(bus.entities.queue('parcels')?.queue.counts().total).toBe(0));
});

test('while it is paused one link at a time looks for the probe, until a message comes', async (context) => {
  const { client, asking, common, endWith } = await startLinks(context);
  const handled: unknown[] = [];
  common.gate.consumer.pause('the destination is down');
  endWith(
    createPullLoop({
      ...common,
      handle: async ({ message: received, receiver }) => {
        handled.push(received.messageId);
        await receiver.completeMessage(received);
      },
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(asking.now).toBe(0);
  common.gate.consumer.probe();
  await eventually(() => expect(asking.all).toBeGreaterThan(2)); // nothing came, and nothing came again
  const sender = client.createSender('parcels');
  await sender.sendMessages(ids(3).map((id) => message(id)));
  await eventually(() => expect(handled).toHaveLength(1));
  await eventually(() => expect(asking.now).toBe(0));
  expect(handled).toHaveLength(1);
  expect(asking.most).toBe(1);
});

test('a broker that throttles is asked once, by one link, and then left alone for a while', async (context) => {
  const { asking, common, endWith } = await startLinks(context);
  for (const receiver of common.receivers) {
    receiver.receiveMessages = async () => {
      asking.failed += 1;
      throw Object.assign(new Error('Please wait 10 seconds and try again.'), { code: 'ServiceBusy' });
    };
  }
  endWith(createPullLoop({ ...common, quietMs: 60_000, handle: async () => {} }));
  await eventually(() => expect(asking.failed).toBe(1));
  await sleep(600); // the usual first wait is 200 ms at most
  expect(asking.failed).toBe(1);
});
