import { expect, test, vi } from 'vitest';
import { startApplicationInsights } from '../../../../application-insights/index.ts';
import { startService } from '../tested-service/start-service.ts';
import { startOtlpCollector } from './collector/index.ts';

const requests = 20;

test('of endpoints that refuse, hang and are gone a warning a minute tells, and Azure gets everything', async () => {
  const [insights, refusing, hanging, gone] = await Promise.all([
    startApplicationInsights(),
    startOtlpCollector(),
    startOtlpCollector(),
    startOtlpCollector(),
  ]);
  refusing.mode('refuse');
  hanging.mode('hang');
  await gone.stop();
  const service = await startService(
    { level: 3, add: ['otlp'], connectionString: insights.connectionString },
    {
      env: {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: refusing.url,
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: hanging.url,
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: gone.url,
        OTEL_EXPORTER_OTLP_TIMEOUT: '500',
        OTEL_METRIC_EXPORT_INTERVAL: '200',
      },
    },
  );
  // Makes a metric, too.
  await service.send('POST', '/calls/fetch', { body: { url: insights.url } });
  for (let sent = 0; sent < requests; sent++) await service.send('GET', `/items/${sent}`);
  const problems = () => service.lines().filter(({ severity }) => severity === 'warning' || severity === 'error');
  await vi.waitFor(() => expect(problems()).toHaveLength(3), { timeout: 15_000 });
  await vi.waitFor(() => expect(hanging.arrived.length).toBeGreaterThan(3), { timeout: 15_000 });
  await service.stop();
  await Promise.all([insights.stop(), refusing.stop(), hanging.stop()]);

  const lines = insights.rows('AppTraces').filter(({ Message }) => Message === 'a file is read');
  expect(lines).toHaveLength(requests);
  const items = insights.rows('AppRequests').filter(({ Name }) => Name === 'GET /items/:id');
  expect(items).toHaveLength(requests);
  // The only call of the service is the one to the URL above.
  expect(insights.rows('AppDependencies').map(({ Data }) => Data)).toEqual([`${insights.url}/`]);
  expect(
    problems()
      .map(({ problem }) => problem)
      .toSorted(),
  ).toEqual([
    expect.stringMatching(/by OTLP: Export failed with retryable status$/),
    expect.stringMatching(/by OTLP: connect ECONNREFUSED/),
    expect.stringMatching(/by OTLP: no answer in time$/),
  ]);
});
