import { expect, onTestFinished, test, vi } from 'vitest';
import { startApplicationInsights } from '../../../../application-insights/index.ts';
import { startModule } from './started-module.ts';

/** A module that has started, and whose endpoint takes a minute for each answer. */
async function startSlow() {
  const insights = await startApplicationInsights({ withSecurityLogs: true });
  onTestFinished(() => insights.stop());
  await insights.faults.mode('slow', { ms: 60_000 });
  const { log, stop } = await startModule(insights);
  const lost = () => log.lines.filter(({ message }) => message === 'security events are lost');
  return { insights, stop, lost };
}

test('rows that are on their way when the time of the stop is up are lost, and counted', async () => {
  const { insights, stop, lost } = await startSlow();
  await vi.waitFor(() => expect(insights.rows('ServiceSecurity_CL')).toHaveLength(1));
  await stop(AbortSignal.timeout(200));
  expect(lost()).toMatchObject([{ severity: 'error', fields: { rows: 1 } }]);
});

test('an endpoint that is silent leaves time for the telemetry that stops after it', async () => {
  const { stop, lost } = await startSlow();
  const deadline = AbortSignal.timeout(20_000);
  await stop(deadline);
  expect(deadline.aborted).toBe(false);
  expect(lost()).toHaveLength(1);
});
