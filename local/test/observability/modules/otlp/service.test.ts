import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parcelIdOf, postParcel } from '../../../service/post-parcel.ts';
import { endServices, type RunningService, startService } from '../../../service/running-service.ts';
import { type StandIns, startStandIns } from '../../../service/stand-ins.ts';
import { type Item, type OtlpCollector, startOtlpCollector } from './collector/index.ts';

const server = 2;
const client = 3;

afterAll(endServices);

describe.each([
  { level: 1, azure: true },
  { level: 1, azure: false },
  { level: 3, azure: true },
  { level: 3, azure: false },
])('at level $level, with a connection string: $azure', ({ level, azure }) => {
  let standIns: StandIns;
  let collector: OtlpCollector;
  let service: RunningService;

  beforeAll(async () => {
    [standIns, collector] = await Promise.all([startStandIns(), startOtlpCollector()]);
    service = await startService(standIns, {
      config: { level, modules: { add: ['otlp'], remove: [] } },
      env: {
        SERVICE_NAME: 'tested',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=key-of-the-endpoint',
        ...(!azure && { APPLICATIONINSIGHTS_CONNECTION_STRING: undefined }),
      },
    });
    await postParcel(service, { key: 'one' }, '/parcels?sig=hidden-value');
    await standIns.settled();
    await service.stop();
  });
  afterAll(async () => {
    await Promise.all([standIns?.stop(), collector?.stop()]);
  });

  const only = (items: Item[]): Item => {
    expect(items).toHaveLength(1);
    return items[0] as Item;
  };
  const request = () => only(collector.spans().filter(({ kind }) => kind === server));
  const depot = () => `${standIns.destination.url}/north`;

  test('the request and the call of the handler arrive as spans, with the resource of the service', () => {
    expect(request()).toMatchObject({
      name: 'POST /parcels',
      attributes: { 'http.response.status_code': 202, 'url.full': `${service.url}/parcels?sig=REDACTED` },
      resource: { 'service.name': 'tested', 'service.version': '0.1.0', 'service.instance.id': expect.any(String) },
    });
    const call = only(
      collector.spans().filter(({ kind, attributes }) => kind === client && attributes['url.full'] === depot()),
    );
    expect(call.attributes['http.response.status_code']).toBe(201);
    // From level 2 on the story of a message is one trace.
    expect(call.traceId === request().traceId).toBe(level > 1);
  });

  test('a log line arrives in the trace of its request, and the last line of the process too', () => {
    const line = only(collector.logs().filter(({ body }) => Object(body).value === 'parcel queued'));
    const { traceId, spanId } = request();
    expect(line).toMatchObject({ traceId, spanId, severityText: 'info' });
    expect(line.attributes.parcelId).toBe(parcelIdOf('one'));
    expect(collector.logs().filter(({ body }) => Object(body).value === 'stopping')).toHaveLength(1);
  });

  test('a metric arrives, and what the exporters send is neither a span nor counted in it', () => {
    const calls = collector.metrics().filter(({ name }) => name === 'http.client.request.duration');
    const ports = calls.flatMap(({ points }) => (points as Item[]).map(({ attributes }) => attributes['server.port']));
    expect(ports).toEqual([Number(new URL(standIns.destination.url).port)]);
    expect(JSON.stringify(collector.spans())).not.toContain(new URL(collector.url).host);
    expect(JSON.stringify(standIns.insights.rows('AppDependencies'))).not.toContain(new URL(collector.url).host);
  });

  test('events arrive from level 3 on, in the trace of what they are about', () => {
    const accepted = collector
      .logs()
      .filter(({ attributes }) => attributes['microsoft.custom_event.name'] === 'parcels.accepted');
    expect(accepted.map(({ traceId }) => traceId)).toEqual(level === 3 ? [request().traceId] : []);
  });

  test('Azure has the same request, or nothing at all', () => {
    const { insights } = standIns;
    const ids = insights.rows('AppRequests').filter(({ Name }) => Name === 'POST /parcels');
    expect(ids.map(({ Id }) => Id)).toEqual(azure ? [request().spanId] : []);
    if (!azure) expect(insights.faults.state().items.received).toBe(0);
  });

  test('the start says once where telemetry goes, no variable is a fault, and no key is told', () => {
    const said = azure ? 'telemetry goes by OTLP too' : 'telemetry goes by OTLP alone';
    expect(service.lines(said)).toMatchObject([{ traces: `${collector.url}/v1/traces`, severity: 'info' }]);
    expect(service.output()).not.toMatch(/no telemetry is shipped|key-of-the-endpoint|hidden-value/);
    expect(service.lines().filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(new Set(collector.arrived.map(({ headers }) => headers['x-api-key']))).toEqual(
      new Set(['key-of-the-endpoint']),
    );
  });
});

test('while it is off the variables of OTLP send nothing', async () => {
  const [standIns, collector] = await Promise.all([startStandIns(), startOtlpCollector()]);
  const service = await startService(standIns, {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_METRICS_EXPORTER: 'otlp', OTEL_TRACES_EXPORTER: 'otlp' },
  });
  await postParcel(service, { key: 'one' });
  await standIns.settled();
  await service.stop();
  await standIns.rows('AppRequests', ({ Name }) => Name === 'POST /parcels');
  expect(collector.arrived).toEqual([]);
  await Promise.all([standIns.stop(), collector.stop()]);
});
