import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { describe, expect, test, vi } from 'vitest';
import type { Settings } from '../../../../src/config/read-settings.ts';
import { readLogDelayMs, silenceSdkOffAzure } from '../../../../src/config/sdk-environment.ts';
import type { Delivery } from '../../../../src/observability/modules/application-insights/delivery.ts';
import {
  chooseDistroOptions,
  findLocalEndpoint,
  neverWithoutToken,
} from '../../../../src/observability/modules/application-insights/distro-options.ts';
import { manifest } from '../../../../src/observability/modules/application-insights/manifest.ts';
import { redactUrl } from '../../../../src/observability/modules/application-insights/url-redaction.ts';
import type { Logger } from '../../../../src/platform/log.ts';

const key = 'InstrumentationKey=11111111-2222-3333-4444-555555555555';
const inAzure = `${key};IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/`;
const onThisMachine = `${key};IngestionEndpoint=http://127.0.0.1:4620/;LiveEndpoint=http://127.0.0.1:4620/`;
const credential = { getToken: async () => null };
const service = { name: 'service', version: '1.0.0', instance: 'one', roles: ['api'] } as const;
const settings = { stateDir: '/state', onAzure: true } as Settings;
const log = { warning: vi.fn() } as unknown as Logger;
const without = { credential: undefined, service, settings, log };
const policy = {
  position: 'perCall',
  policy: { name: 'p', sendRequest: (request, next) => next(request) },
} as const satisfies Delivery['policy'];

test.each([
  [onThisMachine, 'http://127.0.0.1:4620'],
  [`${key};ingestionendpoint = http://localhost:1/v/`, 'http://localhost:1'],
  [`${key};IngestionEndpoint=http://[::1]:1`, 'http://[::1]:1'],
  [inAzure, undefined],
  [`${key};IngestionEndpoint=http://example.test/`, undefined],
  [`${key};IngestionEndpoint=http://127.example.test/`, undefined],
  [`${key};IngestionEndpoint=https://127.0.0.1/`, undefined],
  [`${key};IngestionEndpoint=nonsense`, undefined],
  [key, undefined],
])('plain HTTP is spoken to this machine only: %s', (connectionString, expected) => {
  expect(findLocalEndpoint(connectionString)).toBe(expected);
});

test('in Azure: Entra credential, live metrics, TLS; locally none of them', async () => {
  const azure = chooseDistroOptions(inAzure, 100, policy, { credential, service, settings, log });
  expect(azure.enableLiveMetrics).toBe(true);
  expect(azure.azureMonitorExporterOptions).toMatchObject({ connectionString: inAzure });
  const used = azure.azureMonitorExporterOptions?.credential;
  expect(await used?.getToken('https://monitor.azure.com/.default')).toMatchObject({ token: 'none' }); // it had none
  expect(azure.azureMonitorExporterOptions).not.toHaveProperty('allowInsecureConnection');
  const local = chooseDistroOptions(onThisMachine, 100, policy, { credential, service, settings, log });
  expect(local.enableLiveMetrics).toBe(false);
  expect(local.azureMonitorExporterOptions).toMatchObject({
    host: 'http://127.0.0.1:4620',
    allowInsecureConnection: true,
  });
  expect(local.azureMonitorExporterOptions).not.toHaveProperty('credential');
});

test('a token that cannot be had is no reason for the exporter to drop the batch: the endpoint decides', async () => {
  const credential = neverWithoutToken({ getToken: () => Promise.reject(new Error('no metadata service')) });
  const token = await credential.getToken('https://monitor.azure.com/.default');
  expect(token?.token).toBe('none');
  expect(token?.expiresOnTimestamp).toBeLessThanOrEqual(Date.now()); // the next batch asks again
});

test('what falsifies figures or loses data in silence is pinned', () => {
  expect(chooseDistroOptions(inAzure, 5, policy, without)).toMatchObject({
    tracesPerSecond: 0,
    samplingRatio: 0.05,
    enableTraceBasedSamplingForLogs: false,
    enableStandardMetrics: true,
    enablePerformanceCounters: true,
    azureMonitorExporterOptions: {
      disableOfflineStorage: false,
      storageDirectory: '/state',
      retryOptions: { maxRetries: 0 },
      additionalPolicies: [policy],
    },
    instrumentationOptions: { http: { enabled: true, disableIncomingRequestInstrumentation: true } },
  });
});

test('a command, which plays no role, sends no figures of each minute: it would look like a replica that has gone', () => {
  const command = { ...without, service: { ...service, roles: [] } };
  expect(chooseDistroOptions(inAzure, 100, policy, command)).toMatchObject({
    enableLiveMetrics: false,
    enableStandardMetrics: false,
    enablePerformanceCounters: false,
  });
});

const offAzure = { ...without, settings: { ...settings, onAzure: false } };

test('a run on the machine of a developer that sends to Azure marks its rows as synthetic and sends no figures', async () => {
  const warning = vi.fn();
  const run = chooseDistroOptions(inAzure, 100, policy, { ...offAzure, log: { ...log, warning } });
  expect(warning).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('leave out what this run sends'));
  expect(run).toMatchObject({
    enableStandardMetrics: false,
    enablePerformanceCounters: false,
    enableLiveMetrics: false,
  });
  const marks: Record<string, unknown> = {};
  const record = {
    attributes: {},
    setAttributes: (given: object) => Object.assign(marks, given),
  };
  for (const { onEmit } of run.logRecordProcessors ?? []) onEmit(record as never);
  const exporter = new URL(
    'dist/esm/utils/common.js',
    pathToFileURL(String(findPackageJSON('@azure/monitor-opentelemetry-exporter', import.meta.url))),
  );
  const { isSyntheticSource } = await import(exporter.href);
  expect(isSyntheticSource(marks)).toBe(true);
  for (const name of Object.keys(marks)) delete marks[name];
  for (const { onStart } of run.spanProcessors ?? []) onStart(record as never, {} as never);
  expect(isSyntheticSource(marks)).toBe(true);
});

test('of a run on the machine of a developer nothing is sent that the exporter would not mark', async () => {
  const run = chooseDistroOptions(inAzure, 100, policy, offAzure);
  const spans = new InMemorySpanExporter();
  const processors = [...(run.spanProcessors ?? []), new SimpleSpanProcessor(spans)];
  const span = new NodeTracerProvider({ spanProcessors: processors }).getTracer('library').startSpan('call');
  span.recordException(new Error('refused'));
  span.end();
  expect(spans.getFinishedSpans()).toMatchObject([{ name: 'call', events: [] }]);

  const metrics = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics });
  const provider = new MeterProvider({ readers: [reader], views: run.views ?? [] });
  provider.getMeter('library').createCounter('calls').add(1);
  await provider.shutdown();
  expect(metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics)).toEqual([]);
});

test.each([
  ['in Azure', inAzure, without],
  ['with the local endpoint', onThisMachine, offAzure],
  ['of a command', inAzure, { ...offAzure, service: { ...service, roles: [] } }],
])('a run %s marks nothing: rules and questions are for its rows', (_where, connectionString, context) => {
  const warning = vi.fn();
  const run = chooseDistroOptions(connectionString, 100, policy, { ...context, log: { ...log, warning } });
  expect(warning).not.toHaveBeenCalled();
  expect(run.spanProcessors).toHaveLength(1);
  expect(run).not.toHaveProperty('logRecordProcessors');
  expect(run).not.toHaveProperty('views');
});

test('what the SDK calls for its own sake is no call of this service', () => {
  const http = chooseDistroOptions(inAzure, 100, policy, without).instrumentationOptions?.http;
  const { ignoreOutgoingRequestHook: ignores } = http as { ignoreOutgoingRequestHook(request: object): boolean };
  expect(ignores({ hostname: '169.254.169.254', path: '/metadata/instance/compute' })).toBe(true);
  expect(ignores({ host: 'settings.sdk.monitor.azure.com' })).toBe(true);
  expect(ignores({ hostname: 'archive.test' })).toBe(false);
  const active = vi.spyOn(context, 'active').mockReturnValue(suppressTracing(ROOT_CONTEXT));
  expect(ignores({ hostname: 'an.exporter.calls.test' })).toBe(true);
  active.mockRestore();
});

describe('the section', () => {
  test('keeps everything by default', () => expect(manifest.section.schema.parse({})).toEqual({ percent: 100 }));

  test('takes only percentages that make a whole ItemCount', () => {
    for (const percent of [1, 2, 4, 5, 10, 20, 25, 50, 100])
      expect(100 % manifest.section.schema.parse({ percent }).percent).toBe(0);
    for (const percent of [0, 3, 30, 75, 101, '50', 0.5])
      expect(() => manifest.section.schema.parse({ percent })).toThrow();
  });
});

test('the SDK talks about itself in Azure alone, and never against the will of the operator', () => {
  const run = (environment: NodeJS.ProcessEnv) => {
    silenceSdkOffAzure(environment);
    return environment.APPLICATION_INSIGHTS_NO_STATSBEAT;
  };
  expect(run({})).toBe('1');
  for (const host of ['CONTAINER_APP_NAME', 'WEBSITE_SITE_NAME', 'FUNCTIONS_WORKER_RUNTIME', 'KUBERNETES_SERVICE_HOST'])
    expect(run({ [host]: 'x' })).toBeUndefined();
  expect(run({ APPLICATION_INSIGHTS_NO_STATSBEAT: '' })).toBe('');
});

test('log lines wait five seconds, or as long as the variable of OpenTelemetry says', () => {
  expect(readLogDelayMs({})).toBe(5_000);
  expect(readLogDelayMs({ OTEL_BLRP_SCHEDULE_DELAY: '100' })).toBe(100);
  expect(readLogDelayMs({ OTEL_BLRP_SCHEDULE_DELAY: 'soon' })).toBe(5_000);
});

test('a query keeps its names and none of its values', () => {
  expect(redactUrl('/a')).toBe('/a');
  expect(redactUrl('/a?')).toBe('/a?REDACTED');
  expect(redactUrl('/a?x=1&y=&z&=v&x=a=b')).toBe('/a?x=REDACTED&y=REDACTED&REDACTED&=REDACTED&x=REDACTED');
  expect(redactUrl(`/a?x=${'v'.repeat(5_000)}`)).toBe('/a?x=REDACTED');
});

test('an address shows neither user information nor fragment', () => {
  expect(redactUrl('https://user:p@ss@a.test:1/b@c?x=1#token=2')).toBe('https://a.test:1/b@c?x=REDACTED');
  expect(redactUrl('/a#b?c=d')).toBe('/a');
  expect(redactUrl('https://a.test?u@x=1')).toBe('https://a.test?u@x=REDACTED');
});
