import { Agent } from 'node:https';
import { gzipSync } from 'node:zlib';
import axios from 'axios';
import { expect, onTestFinished, test } from 'vitest';
import { startApplicationInsights } from '../index.ts';

const row = { TimeGenerated: '2026-03-04T10:00:00.000Z', Event: 'caller-seen', Calls: 1, Caller: '' };

const asIs = { proxy: false, validateStatus: () => true } as const;

async function start() {
  const insights = await startApplicationInsights({ withSecurityLogs: true });
  const { endpoint, rule, certificate } = insights.securityLogs ?? { endpoint: '', rule: '', certificate: '' };
  const httpsAgent = new Agent({ ca: certificate });
  onTestFinished(() => insights.stop());
  const path = `/dataCollectionRules/${rule}/streams/Custom-ServiceSecurity_CL?api-version=2023-01-01`;
  const headers = { 'content-type': 'application/json', authorization: 'Bearer local' };
  const post = async (
    body: string | Buffer,
    { to = path, ...changes }: { to?: string } & Record<string, string> = {},
  ) => (await axios.post(endpoint + to, body, { ...asIs, headers: { ...headers, ...changes }, httpsAgent })).status;
  return { insights, post, endpoint, path };
}

test('rows come as JSON, gzipped or not, into the store of all telemetry', async () => {
  const { insights, post } = await start();
  expect(await post(JSON.stringify([row]))).toBe(204);
  expect(await post(gzipSync(JSON.stringify([row, row])), { 'content-encoding': 'gzip' })).toBe(204);
  const stored = insights.rows('ServiceSecurity_CL');
  expect(stored).toHaveLength(3);
  const { Caller: _, ...written } = row;
  expect(stored[0]).toEqual({
    ...{ ...written, TimeGenerated: '2026-03-04T10:00:00.0000000Z', Type: 'ServiceSecurity_CL' },
    _BilledSize: expect.any(Number),
  });
});

test('a row that does not fit the columns of the table is refused, and so is a request that Azure refuses', async () => {
  const { insights, post, path } = await start();
  const wrong = [
    { ...row, Calls: 'many' },
    { ...row, Colour: 'red' },
    { ...row, TimeGenerated: 'now' },
    { Event: 'x' },
  ];
  for (const one of [...wrong, 7, null]) expect(await post(JSON.stringify([row, one]))).toBe(400);
  expect(await post('[]')).toBe(400);
  expect(await post('no JSON')).toBe(400);
  expect(await post(`[${'"x",'.repeat(400_000)}1]`)).toBe(413);
  expect(await post(JSON.stringify([row]), { authorization: '' })).toBe(401);
  expect(await post(JSON.stringify([row]), { to: path.replace('Custom-', 'Own-') })).toBe(404);
  expect(await post(JSON.stringify([row]), { to: path.replace(/\?.*/, '') })).toBe(400);
  expect(insights.rows('ServiceSecurity_CL')).toEqual([]);
});

test('only who has the certificate trusts it', async () => {
  const { endpoint, path } = await start();
  const stranger = axios.post(endpoint + path, '[]', asIs);
  await expect(stranger).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

test('it is down, slow and broken with Application Insights, and comes back on its port', async () => {
  const { insights, post } = await start();
  await insights.faults.mode('500');
  expect(await post(JSON.stringify([row]))).toBe(500);
  await insights.faults.mode('down');
  await expect(post(JSON.stringify([row]))).rejects.toThrow();
  await insights.faults.mode('ok');
  expect(await post(JSON.stringify([row]))).toBe(204);
  expect(insights.rows('ServiceSecurity_CL')).toHaveLength(1);
});
