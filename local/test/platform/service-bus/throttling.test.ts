import { expect, test, vi } from 'vitest';
import { QueueUnavailable } from '../../../../src/platform/errors.ts';
import { createClient } from '../../../../src/platform/service-bus/clients.ts';
import { createSender } from '../../../../src/platform/service-bus/sender.ts';
import { ids, inQueue, message, startBroker } from './with-broker.ts';

const patience = { timeout: 10_000, interval: 10 };

test('a throttled namespace is asked once and then left alone for a while, whoever wants to send', async (context) => {
  const bus = await startBroker(context);
  const connection = { kind: 'connection-string' as const, connectionString: bus.connectionString };
  const { send, close } = createSender({
    createClient: () => createClient(connection),
    declared: new Set(['parcels']),
    middlewares: [],
    timeoutMs: 10_000,
    quietMs: 1_500,
  });
  context.onTestFinished(close);
  await send('parcels', message('before'));

  bus.faults.refuseSends({ times: 1 }); // as Azure says it: "Please wait 10 seconds and try again"
  const refused = await send('parcels', message('refused')).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(QueueUnavailable);
  expect(refused).toMatchObject({ cause: { code: 'ServiceBusy' }, retryAfterMs: 10_000 });
  for (const id of ids(5)) {
    const held = await send('parcels', message(id)).catch((error: unknown) => error as QueueUnavailable);
    expect(held).toMatchObject({ message: expect.stringContaining('throttles') });
    expect(held?.retryAfterMs).toBeGreaterThan(0);
    expect(held?.retryAfterMs).toBeLessThan(1_500);
  }
  expect(inQueue(bus).ids).toEqual(['before']); // the broker takes messages again, but was not asked

  await vi.waitFor(() => send('parcels', message('after')), patience);
  expect(inQueue(bus).ids).toEqual(['before', 'after']);
});
