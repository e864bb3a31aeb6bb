import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import entities from '../../../test/fixture-business/queues.json' with { type: 'json' };
import { endServices, type LaunchedService, launchService } from './running-service.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

let standIns: StandIns;
let folder: string;

beforeAll(async () => {
  const { parcels, ...queues } = entities.queues;
  standIns = await startStandIns({ entities: { ...entities, queues } });
  folder = await mkdtemp(join(tmpdir(), 'start ü '));
});
afterAll(async () => {
  await endServices();
  await standIns?.stop();
  await rm(folder, { recursive: true, force: true });
});

function reasonOf(service: LaunchedService): string {
  const [line, ...more] = service.lines('the service could not start');
  expect(more).toEqual([]);
  return (line as { error: { message: string } } | undefined)?.error.message ?? service.output();
}

test.concurrent('a queue that is missing stops the start: told are the queue, the namespace and what to do', async () => {
  const service = launchService(standIns);
  expect(await service.ended).toEqual({ code: 1, signal: null });
  const message = reasonOf(service);
  const namespace = `127.0.0.1:${standIns.serviceBus.port}`;
  expect(message.split('\n')).toEqual([
    expect.stringContaining(
      `"${namespace}" has no "parcels", which this service must receive from: deploy infra/queues.json`,
    ),
    expect.stringContaining(
      `"${namespace}" has no "parcels", which this service must send to: deploy infra/queues.json`,
    ),
  ]);
  expect(service.lines('listening')).toEqual([]);
});

test.concurrent('the faults of observability.json and of the variables are told together, and no secret with them', async () => {
  await writeFile(join(folder, 'observability.json'), '{ "level": 6, "smapling": { "percent": 3 } }');
  const env = { OBSERVABILITY_CONFIG: undefined, PARCELS_DEPOT_URL: undefined, SEND_TIMEOUT_MS: 'soon' };
  const secret = { SERVICEBUS_CONNECTION_STRING: 'Endpoint=here;SharedAccessKey=hidden-key' };
  const service = launchService(standIns, { cwd: folder, env: { ...env, ...secret } });
  expect(await service.ended).toEqual({ code: 1, signal: null });
  const told = service.output().trim().split('\n');
  expect(told[0]).toBe('The configuration has 6 faults:');
  for (const part of [
    /observability\.json: level: found 6/,
    /observability\.json: smapling: .*did you mean sampling/,
    /SEND_TIMEOUT_MS: found "soon"/,
    /SERVICEBUS_CONNECTION_STRING: .*Endpoint/,
    /SERVICEBUS_CONNECTION_STRING: .*SharedAccessKeyName/,
    /PARCELS_DEPOT_URL: found nothing/,
  ]) {
    expect(
      told.filter((line) => part.test(line)),
      String(part),
    ).toHaveLength(1);
  }
  expect(told).toHaveLength(7);
  expect(service.output()).not.toContain('hidden-key');
});
