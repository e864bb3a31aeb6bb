import { createRequire } from 'node:module';
import { trace } from '@opentelemetry/api';
import type { Settings } from '../../../../src/config/read-settings.ts';
import { createLogger } from '../../../../src/observability/logger.ts';
import { type RegisteredModule, registry } from '../../../../src/observability/registry.ts';
import { startModules } from '../../../../src/observability/start-modules.ts';
import { systemClock } from '../../../../src/platform/clock.ts';

/**
 * Started by `classic-application.ts` as a process of its own, because the SDK owns globals. It starts the modules that
 * its arguments name, is then an application that calls `applicationinsights`, and prints what the processors of the SDK
 * and the log have got. The address of the endpoint is closed.
 */
const key = '00000000-0000-4000-8000-000000000000';
const warnings: string[] = [];
const reports: unknown[] = [];
const spans: unknown[] = [];
const records: unknown[] = [];
const nothingToEnd = { forceFlush: async () => {}, shutdown: async () => {} };
const recorder: RegisteredModule = {
  manifest: { name: 'recorder', level: 1, answers: 'What arrives?', needs: [] },
  load: async () => ({
    setUp: () => ({
      azureMonitor: {
        spanProcessors: [
          { onStart() {}, onEnd: ({ name, attributes }) => void spans.push({ name, attributes }), ...nothingToEnd },
        ],
        logRecordProcessors: [{ onEmit: ({ attributes }) => void records.push({ ...attributes }), ...nothingToEnd }],
      },
      logSinks: [
        ({ severity, message, fields }) => {
          if (severity === 'warning') warnings.push(message);
          if (severity === 'debug') reports.push(fields.text);
        },
      ],
    }),
  }),
};
const [shipping, ...active] = process.argv.slice(2);
const ships = shipping === 'ships';

await startModules({
  registry: [...registry, recorder],
  sections: { sampling: { percent: 100 } },
  logger: createLogger({ minimum: 'debug', clock: systemClock }),
  context: {
    level: 1,
    active: [...active, 'recorder'],
    service: { name: 'tested', version: '1', instance: 'one', roles: ['api'] },
    settings: {
      applicationInsights: ships ? `InstrumentationKey=${key};IngestionEndpoint=http://127.0.0.1:9/` : undefined,
    } as Settings,
    slo: { latencyMs: 500 } as never,
    cost: { dailyCapMb: 500 } as never,
    variables: {},
    clock: systemClock,
    credential: undefined,
  },
});

const require = createRequire(import.meta.url);
const loaded = Object.keys(require.cache).some((file) => /[\\/]node_modules[\\/]applicationinsights[\\/]/.test(file));
const classic: typeof import('applicationinsights') = require('applicationinsights');
classic.setup().start();
classic.setup().start();
classic.defaultClient.commonProperties = { team: 'blue' };
classic.defaultClient.trackEvent({ name: 'event' });
classic.defaultClient.trackDependency({
  dependencyTypeName: 'PRICES',
  target: 'prices',
  name: 'call',
  data: 'item',
  duration: 1,
  resultCode: 0,
  success: true,
});
classic.dispose();
new classic.TelemetryClient().trackEvent({ name: 'event of a second client' });
const hooks = process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
const tracer = trace.getTracer('fixture');
const traceId = tracer.startActiveSpan('own', () => trace.getActiveSpan()?.spanContext().traceId);
require('@azure/logger').createClientLogger('some-sdk').warning('connection lost');
process.stdout.write(JSON.stringify({ loaded, warnings, reports, spans, records, hooks, traceId }), () =>
  process.exit(0),
);
