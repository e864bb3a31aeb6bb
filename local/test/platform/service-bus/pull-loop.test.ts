import { expect, test } from 'vitest';
import { createClient, openReceiver } from '../../../../src/platform/service-bus/clients.ts';
import { createGate } from '../../../../src/platform/service-bus/gate.ts';
import { createPullLoop } from '../../../../src/platform/service-bus/pull-loop.ts';
import { createReceiveReport } from '../../../../src/platform/service-bus/receive-report.ts';
import { recordingLog } from '../../../../test/platform/service-bus/recording-log.ts';
import { eventually, ids, message, startBroker } from './with-broker.ts';

test('while nothing comes one link waits for all, and a burst has them all', async (context) => {
  const bus = await startBroker(context);
  const client = createClient({ connection: { kind: 'connection-string', connectionString: bus.connectionString } });
  const source = { name: 'files', queue: 'files', lockDurationMs: 60_000, maxDeliveryCount: 10 };
  let asking = 0;
  const receivers = ids(4).map(() => {
    const receiver = openReceiver(client, source);
    const receive = receiver.receiveMessages.bind(receiver);
    receiver.receiveMessages = async (...given) => {
      asking += 1;
      return await receive(...given).finally(() => {
        asking -= 1;
      });
    };
    return receiver;
  });
  let inHand = 0;
  let most = 0;
  const goOn = Promise.withResolvers<void>();
  const loop = createPullLoop({
    receivers,
    gate: createGate(),
    report: createReceiveReport({ source: 'files', log: recordingLog().log }),
    handle: async ({ message: received, receiver }) => {
      inHand += 1;
      most = Math.max(most, inHand);
      await goOn.promise;
      await receiver.completeMessage(received);
      inHand -= 1;
    },
    stuck: () => {},
    answerTimeoutMs: 5_000,
    waitMs: 100,
  });
  context.onTestFinished(async () => {
    await loop.stopReceiving();
    await loop.finished;
    await client.close();
  });

  const seen: number[] = [];
  await eventually(() => {
    seen.push(asking);
    expect(seen.slice(-50)).toEqual(Array.from({ length: 50 }, () => expect.toBeOneOf([0, 1])));
  });

  const sender = client.createSender('files');
  await sender.sendMessages(ids(20).map((id) => message(id)));
  await eventually(() => expect(most).toBe(4));
  goOn.resolve();
  await eventually(() => expect(bus.entities.queue('files')?.queue.counts().total).toBe(0));
});
