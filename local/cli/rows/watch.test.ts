import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startApplicationInsights } from '../../application-insights/index.ts';
import { startControl } from '../../control/index.ts';
import { rows } from '../rows.ts';
import { collect } from '../run-command.fixture.ts';

test('--watch goes on with each row that comes, once, until nothing runs any more', async ({ onTestFinished }) => {
  const insights = await startApplicationInsights();
  const nothing = { faults: { mode: () => ({}), state: () => ({}) } };
  const control = await startControl({
    token: 'a token of this test',
    standIns: {
      switches: { destination: nothing, ingestion: insights, 'service-bus': nothing },
      workspace: insights.workspace,
      story: async () => [],
      ledger: () => [],
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'rows ü '));
  onTestFinished(async () => {
    await Promise.all([control.stop(), insights.stop()]);
    await rm(folder, { recursive: true, force: true });
  });
  const address = control.url;
  const run = { version: 1, pid: process.pid, level: 1, token: 'a token of this test', serviceBus: 'Endpoint=sb://x' };
  const addresses = { service: address, dashboard: address, serviceBusAdmin: address, ingestion: address };
  const file = join(folder, 'run.json');
  await writeFile(file, JSON.stringify({ ...run, ...addresses, destination: address }));
  const add = (name: string) =>
    fetch(`${insights.url}/v2.1/track`, {
      method: 'POST',
      body: JSON.stringify({
        time: new Date().toISOString(),
        iKey: '00000000-0000-0000-0000-000000000000',
        data: { baseType: 'EventData', baseData: { name } },
      }),
    });

  const [stdout, stderr] = [collect(), collect()];
  const names = () =>
    stdout
      .text()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).Name);
  await add('before');
  const args = ['AppEvents', '--watch', '--run', file];
  const watching = rows({ args, env: {}, stdout: stdout.stream, stderr: stderr.stream });
  await expect.poll(names, { timeout: 20_000 }).toEqual(['before']);
  await add('while');
  await expect.poll(names, { timeout: 20_000 }).toEqual(['before', 'while']);
  await control.stop();
  expect(await watching).toBe(2);
  expect(names()).toEqual(['before', 'while']);
  expect(stderr.text()).toContain('does not answer');
});
