import { rootCertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { setUp } from '../../../../../src/observability/modules/security-events/index.ts';
import { recordedLog } from '../../../../../test/platform/recorded-log.ts';
import { startApplicationInsights } from '../../../../application-insights/index.ts';

/** A module that has started, and whose endpoint takes a minute for each answer. */
async function startSlow() {
  const insights = await startApplicationInsights({ withSecurityLogs: true });
  onTestFinished(() => insights.stop());
  const { endpoint = '', rule = '', certificate = '' } = insights.securityLogs ?? {};
  setDefaultCACertificates([...rootCertificates, certificate]);
  await insights.faults.mode('slow', { ms: 60_000 });
  const log = recordedLog();
  const { start, stop } = await setUp({
    section: { everySeconds: 60 },
    service: { name: 's', version: '1', instance: 'i', roles: ['api'] },
    level: 5,
    settings: { region: '' },
    variables: { SECURITY_LOGS_ENDPOINT: endpoint, SECURITY_LOGS_RULE: rule, PERSONAL_DATA_KEY: 'k'.repeat(32) },
    clock: { now: () => new Date() },
    log,
  } as unknown as Parameters<typeof setUp>[0]);
  await start?.({} as never);
  const end = (deadline: AbortSignal) => Promise.resolve(stop?.(deadline));
  const lost = () => log.lines.filter(({ message }) => message === 'security events are lost');
  return { insights, end, lost };
}

test('rows that are on their way when the time of the stop is up are lost, and counted', async () => {
  const { insights, end, lost } = await startSlow();
  await vi.waitFor(() => expect(insights.rows('ServiceSecurity_CL')).toHaveLength(1));
  await end(AbortSignal.timeout(200));
  expect(lost()).toMatchObject([{ severity: 'error', fields: { rows: 1 } }]);
});

test('an endpoint that is silent leaves time for the telemetry that stops after it', async () => {
  const { end, lost } = await startSlow();
  const deadline = AbortSignal.timeout(20_000);
  await end(deadline);
  expect(deadline.aborted).toBe(false);
  expect(lost()).toHaveLength(1);
});
