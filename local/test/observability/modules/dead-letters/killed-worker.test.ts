import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { copyOf } from '../../../../queued-message.ts';
import { parcelIdOf, postParcel } from '../../../service/post-parcel.ts';
import { endServices, startService } from '../../../service/running-service.ts';
import { type StandIns, startStandIns } from '../../../service/stand-ins.ts';

const config = { level: 2, retry: { firstDelaySeconds: 1 } };
const patience = { timeout: 15_000, interval: 20 };
let standIns: StandIns;

beforeAll(async () => {
  standIns = await startStandIns({ queue: { lockDuration: 'PT2S' } });
});
afterAll(async () => {
  await endServices();
  await standIns?.stop();
});

test('a worker that dies between sending the copy and completing the message: the ledger counts the parcel once', async () => {
  const { serviceBus, destination } = standIns;
  await destination.faults.mode('flaky', { share: 1 });
  const victim = await startService(standIns, { config });
  serviceBus.faults.ignoreSettlements({ carriedOut: false }); // the completion never arrives
  expect(await postParcel(victim, { key: 'once' })).toMatchObject({ status: 202 });
  const copies = () => standIns.queue().peek(0, 10).map(copyOf);
  await vi.waitFor(() => expect(copies()).toContain(2), patience);
  expect(await victim.kill()).toMatchObject({ signal: 'SIGKILL' });

  await serviceBus.faults.mode('ok');
  await destination.faults.mode('ok');
  const heir = await startService(standIns, { config });
  await standIns.settled();
  expect(destination.ledger.entries()).toMatchObject([{ key: parcelIdOf('once'), conflicts: 0 }]);
  expect([...standIns.deadLettered()]).toEqual([]);
  expect(await heir.stop()).toEqual({ code: 0, signal: null });
});
