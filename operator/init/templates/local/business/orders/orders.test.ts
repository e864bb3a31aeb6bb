import { Agent } from 'node:http';
import { afterAll, expect, test, vi } from 'vitest';
import entities from '../../../infra/queues.json' with { type: 'json' };
import { subscriptions } from '../../../src/business/orders/order-message.ts';
import { postRequest } from '../../cli/send/post-request.ts';
import { ownBusinesses } from '../../test/own-businesses.ts';
import { endServices, startService } from '../../test/service/running-service.ts';
import { startStandIns } from '../../test/service/stand-ins.ts';
import { orders } from './index.ts';

const patience = { timeout: 15_000, interval: 50 };
const agent = new Agent();
afterAll(endServices);

test('what npm run send sends is taken and gets to its end', async () => {
  const standIns = await startStandIns({ business: await ownBusinesses(), entities });
  const service = await startService(standIns, { config: { level: 3 } });
  const { sample, follow } = orders.requests ?? {};
  const [request] = sample?.({ count: 1, seed: 1, runId: 'test' }) ?? [];
  if (!request) throw new Error('Nothing is sent: requests.sample made none.');

  const to = { url: service.url, serviceBus: standIns.serviceBus.connectionString, agent, follow };
  const answer = await postRequest(request, to, AbortSignal.timeout(patience.timeout));
  expect(answer).toMatchObject({ kind: 'answered', status: 202 });
  // only with: worker
  const { id = '' } = answer as { id?: string };
  await vi.waitFor(() => expect(standIns.destination.ledger.get(id)?.destination).toBe('partner'), patience);
  // end
  // only with: topic
  const receivers = () => service.lines('order noted').map(({ by }) => String(by));
  await vi.waitFor(() => expect(receivers().toSorted()).toEqual(subscriptions.toSorted()), patience);
  // end
  await service.stop();
  await standIns.stop();
});
