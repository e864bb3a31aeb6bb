import { rootCertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { SecurityRow } from '../../../../../src/observability/modules/security-events/security-row.ts';
import { createShipping } from '../../../../../src/observability/modules/security-events/shipping.ts';
import { recordedLog } from '../../../../../test/platform/recorded-log.ts';
import { startApplicationInsights } from '../../../../application-insights/index.ts';

const row = (n: number): SecurityRow => ({
  ...{ TimeGenerated: new Date(n).toISOString(), Event: 'caller-seen', Caller: `c${n}`, Calls: 1 },
  ...{ Service: 's', Instance: 'i', Version: '1', Level: 5, Region: '' },
});
const rows = (from: number, count: number) => Array.from({ length: count }, (_, n) => row(from + n));
const never = new AbortController().signal;

async function start({ mostRows = 5_000, rule }: { mostRows?: number; rule?: string } = {}) {
  const insights = await startApplicationInsights({ withSecurityLogs: true });
  onTestFinished(() => insights.stop());
  const logs = insights.securityLogs;
  if (!logs) throw new Error('There is no endpoint.');
  setDefaultCACertificates([...rootCertificates, logs.certificate]);
  const log = recordedLog();
  const shipping = createShipping(logs.endpoint, rule ?? logs.rule, { credential: undefined, log }, mostRows);
  const callers = () => insights.rows('ServiceSecurity_CL').map(({ Caller }) => Caller);
  return { insights, shipping, log, callers };
}

test('thousands of rows arrive once each, in uploads that the SDK does not cut', async () => {
  const { shipping, callers, log, insights } = await start();
  shipping.add(rows(0, 2_500));
  await Promise.all([shipping.flush(never), shipping.flush(never)]);
  expect(callers()).toEqual(rows(0, 2_500).map(({ Caller }) => Caller));
  expect(log.lines).toEqual([]);
  expect(insights.rows('AppDependencies')).toEqual([]);
});

test('rows wait while the endpoint is away, of too many the newest stay, and what is lost is counted', async () => {
  const { insights, shipping, callers, log } = await start({ mostRows: 10 });
  await insights.faults.mode('402');
  shipping.add(rows(0, 8));
  await shipping.flush(never);
  await shipping.flush(never);
  shipping.add(rows(8, 6));
  shipping.reportLost();
  shipping.reportLost();
  expect(log.lines.map(({ severity, message, fields }) => [severity, message, fields.rows])).toEqual([
    ['warning', 'security events cannot be sent', undefined],
    ['error', 'security events are lost', 4],
  ]);
  await insights.faults.mode('ok');
  await shipping.flush(never);
  expect(callers()).toEqual(rows(4, 10).map(({ Caller }) => Caller));
  expect(log.lines.at(-1)).toMatchObject({ severity: 'info', message: 'security events are sent again' });
});

test('the SDK tries an upload again when the answer may change within seconds', async () => {
  const { insights, shipping, callers, log } = await start();
  await insights.faults.mode('503');
  shipping.add(rows(0, 1));
  const flushed = shipping.flush(never);
  await vi.waitFor(() => expect(insights.faults.state().mode).toBe('503'));
  setTimeout(() => void insights.faults.mode('ok'), 300);
  await flushed;
  expect(callers()).toEqual(['c0']);
  expect(log.lines).toEqual([]);
});

test('rows that the endpoint refuses for good are lost and hold up no others', async () => {
  const { shipping, callers, log } = await start();
  shipping.add([{ ...row(0), Calls: 'many' as unknown as number }]);
  await shipping.flush(never);
  shipping.add(rows(1, 1));
  await shipping.flush(never);
  shipping.reportLost();
  expect(callers()).toEqual(['c1']);
  expect(log.lines.map(({ message, fields }) => [message, fields.rows])).toContainEqual([
    'security events are lost',
    1,
  ]);
});

test('at the end what cannot be sent is given up and told', async () => {
  const { insights, shipping, log } = await start();
  await insights.faults.mode('slow', { ms: 60_000 });
  shipping.add(rows(0, 3));
  await shipping.flush(AbortSignal.timeout(200));
  shipping.reportLost(true);
  expect(log.lines.at(-1)).toMatchObject({ message: 'security events are lost', fields: { rows: 3 } });
});
