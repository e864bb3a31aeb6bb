/** A child process that sends telemetry with the real distro, on demand, so that the test process stays uninstrumented. */
import { shutdownAzureMonitor, useAzureMonitor } from '@azure/monitor-opentelemetry';
import { metrics, type ProxyTracerProvider, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { logs, SeverityNumber } from '@opentelemetry/api-logs';

export type Command = { emit: 'everything' } | { emit: 'spans'; count: number } | { emit: 'nothing' };

interface Flushable {
  forceFlush(): Promise<void>;
}

const [connectionString = '', host = '', storageDirectory = ''] = process.argv.slice(2);

// Each exporter replays its disk at a random moment of its first minute: the last one, or counts of files would flicker.
const { random } = Math;
Math.random = () => 0.999;
useAzureMonitor({
  azureMonitorExporterOptions: {
    connectionString,
    host,
    allowInsecureConnection: true,
    storageDirectory,
    retryOptions: { maxRetries: 0 },
  },
  tracesPerSecond: 0,
  samplingRatio: 1,
  enableLiveMetrics: false,
});
Math.random = random;

const tracer = trace.getTracer('fixture');
const logger = logs.getLogger('fixture');
const meter = metrics.getMeter('fixture');
// The API types know no flushing; the SDK's providers behind them do.
const providers = [
  (trace.getTracerProvider() as ProxyTracerProvider).getDelegate(),
  logs.getLoggerProvider(),
  metrics.getMeterProvider(),
] as unknown as Flushable[];

function emitEverything(): void {
  tracer.startActiveSpan(
    'POST /items',
    {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/items',
        'url.full': 'http://127.0.0.1:3000/items',
        'http.response.status_code': 202,
        'client.address': '203.0.113.7',
        'enduser.pseudo.id': 'user-1',
        tenant: 'blue',
        'microsoft.custom_measurements': '{"bytes":12.5}',
      },
    },
    (server) => {
      const client = tracer.startSpan('POST', {
        kind: SpanKind.CLIENT,
        attributes: {
          'http.request.method': 'POST',
          'url.full': 'http://127.0.0.1:9/south',
          'http.response.status_code': 503,
        },
      });
      client.setStatus({ code: SpanStatusCode.ERROR });
      client.recordException(new RangeError('too far'));
      client.end();
      logger.emit({ body: 'a warning', severityNumber: SeverityNumber.WARN, attributes: { itemId: 'f-1' } });
      logger.emit({
        body: 'dropped',
        attributes: {
          'microsoft.custom_event.name': 'file.accepted',
          itemId: 'f-1',
          'microsoft.custom_measurements': { bytes: 7 },
        },
      });
      logger.emit({ exception: new TypeError('broken'), severityNumber: SeverityNumber.ERROR });
      logger.emit({
        attributes: {
          'microsoft.availability.id': 'a-1',
          'microsoft.availability.name': 'ping',
          'microsoft.availability.duration': '00:00:00.250',
          'microsoft.availability.success': 'true',
          'microsoft.availability.runLocation': 'Oslo',
        },
      });
      logger.emit({
        body: { id: 'p-1', name: 'Home', url: 'http://127.0.0.1/', duration: '00:00:02.000' },
        attributes: { '_MS.baseType': 'PageViewData' },
      });
      server.end();
    },
  );
  const latency = meter.createHistogram('latency');
  for (const value of [5, 20, 5]) latency.record(value, { destination: 'south' });
  meter.createObservableGauge('Private_Bytes').addCallback((result) => result.observe(1_000));
}

process.on('message', async (command: Command) => {
  if (command.emit === 'everything') emitEverything();
  if (command.emit === 'spans') {
    for (let n = 0; n < command.count; n++) tracer.startSpan(`span ${n}`, { kind: SpanKind.SERVER }).end();
  }
  // A refused export rejects: what then becomes of the items is what the test looks at.
  await Promise.allSettled(providers.map((provider) => provider.forceFlush()));
  process.send?.('flushed');
});
process.on('disconnect', async () => {
  await shutdownAzureMonitor()?.catch(() => undefined);
  process.exit(0);
});
process.send?.('ready');
