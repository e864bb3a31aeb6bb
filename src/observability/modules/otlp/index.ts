import { getNumberFromEnv } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { readLogDelayMs } from '../../../config/sdk-environment.ts';
import type { SetUp } from '../../module.ts';
import { createProblemReport } from '../application-insights/sdk-diagnostics.ts';
import { urlRedaction } from '../application-insights/url-redaction.ts';
import { detach } from './detach.ts';
import { readEndpoints } from './endpoints.ts';
import type { manifest } from './manifest.ts';

/**
 * Sends traces, metrics and log records by OTLP too. Without a connection string of Application Insights nothing goes to
 * Azure, and the SDK of OpenTelemetry takes the place of the distro, which throws without one. Throws when the variables of
 * OTLP ask for what it cannot do.
 */
export const setUp: SetUp<typeof manifest> = async ({ settings, log, clock }) => {
  const { traces, metrics, logs } = readEndpoints();
  const alone = settings.applicationInsights === undefined;
  const report = createProblemReport(log, clock);
  const failed = (reason: string) => report('warning', ['telemetry was not delivered by OTLP:', reason]);
  log.info(alone ? 'telemetry goes by OTLP alone' : 'telemetry goes by OTLP too', { traces, metrics, logs });

  return {
    azureMonitor: {
      spanProcessors: [
        ...(alone ? [urlRedaction] : []),
        new BatchSpanProcessor(detach(new OTLPTraceExporter({ url: traces }), failed)),
      ],
      metricReaders: [
        new PeriodicExportingMetricReader({
          exporter: detach(new OTLPMetricExporter({ url: metrics }), failed),
          exportIntervalMillis: getNumberFromEnv('OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000,
        }),
      ],
      logRecordProcessors: [
        new BatchLogRecordProcessor({
          exporter: detach(new OTLPLogExporter({ url: logs }), failed),
          scheduledDelayMillis: readLogDelayMs(),
        }),
      ],
    },
    ...(alone && { startSdk: (await import('./own-sdk.ts')).startOwnSdk }),
  };
};
