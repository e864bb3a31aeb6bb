import { expect, test } from 'vitest';
import { startApplicationInsights } from '../../../../application-insights/index.ts';
import { startService } from '../tested-service/start-service.ts';
import { startOtlpCollector } from './collector/index.ts';

test.each([
  ['with', true],
  ['without', false],
])('%s a connection string no secret of an address, a line, an error or an event arrives', async (_, azure) => {
  const [insights, collector] = await Promise.all([startApplicationInsights(), startOtlpCollector()]);
  const service = await startService(
    { level: 3, add: ['otlp'], ...(azure && { connectionString: insights.connectionString }) },
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } },
  );
  const address = collector.url.replace('http://', 'http://user:HIDDEN@');
  for (const via of ['fetch', 'default', 'axios'])
    await service.send('POST', `/calls/${via}?code=HIDDEN`, {
      body: { url: `${via === 'fetch' ? collector.url : address}/v1/none?sig=HIDDEN#HIDDEN` },
    });
  await service.sendText(
    '/log',
    JSON.stringify({
      severity: 'error',
      message: 'Bearer HIDDEN.HIDDEN',
      fields: { password: 'HIDDEN', nested: { apiKey: 'HIDDEN' }, url: 'https://x.test/?sig=HIDDEN' },
      error: 'SharedAccessKey=HIDDEN;',
    }),
  );
  await service.sendText('/hostile-event', JSON.stringify({ text: 'password=HIDDEN', apiKey: 'HIDDEN' }));
  await service.stop();
  await Promise.all([insights.stop(), collector.stop()]);

  const calls = collector.spans().filter(({ kind }) => kind === 3);
  expect(calls).toHaveLength(3);
  for (const { attributes } of calls)
    expect(attributes['url.full'], JSON.stringify(attributes)).toMatch(/\/v1\/none\?sig=REDACTED$/);
  expect(collector.logs().map(({ attributes }) => attributes['microsoft.custom_event.name'])).toContain('late.hostile');
  expect(collector.logs().map(({ attributes }) => attributes.password)).toContain('REDACTED');
  const everything = JSON.stringify([collector.spans(), collector.logs(), collector.metrics()]);
  expect(everything).not.toContain('HIDDEN');
});
