import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Clock } from '../../../platform/clock.ts';
import type { Report } from './sdk-diagnostics.ts';

type ExporterOptions = NonNullable<AzureMonitorOpenTelemetryOptions['azureMonitorExporterOptions']>;
type Policy = NonNullable<ExporterOptions['additionalPolicies']>[number];

/** The exporter sets no timeout. While an endpoint does not answer, batches would pile up in memory. */
const timeoutMs = 10_000;

export type Delivery = ReturnType<typeof watchDelivery>;

/**
 * Watches the requests of the exporter and the batches that it gives up. The exporter itself says nothing when it stores
 * a batch that the endpoint refuses for now.
 */
export function watchDelivery(report: Report, clock: Clock) {
  let failing: { since: Date; problem: string } | undefined;
  let lostBatches = 0;

  function failed(problem: string): void {
    failing = { since: failing?.since ?? clock.now(), problem };
    report('warning', ['telemetry was not delivered:', problem]);
  }

  const sendRequest: Policy['policy']['sendRequest'] = async (request, next) => {
    request.timeout = timeoutMs;
    try {
      const response = await next(request);
      const { status, bodyAsText } = response;
      if (status === 200) failing = undefined;
      else if (status !== 307 && status !== 308) failed(`answered with ${status} ${readReason(bodyAsText)}`.trim());
      return response;
    } catch (error) {
      failed(`no answer: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  };

  return {
    policy: {
      position: 'perCall',
      policy: {
        name: 'delivery',
        // The exporter replays stored batches from a timer. There its requests would be recorded as calls of the service.
        sendRequest: (...call) => context.with(suppressTracing(ROOT_CONTEXT), sendRequest, undefined, ...call),
      },
    } as Policy,
    async health(): Promise<{ ok: boolean; reason?: string }> {
      if (!failing) return { ok: true };
      const { since, problem } = failing;
      const lost = lostBatches === 0 ? '' : `, ${lostBatches} batches lost since the start`;
      return { ok: false, reason: `telemetry is not delivered since ${since.toISOString()} (${problem})${lost}` };
    },
    /** Call it with the error of each batch that was neither delivered nor stored. */
    lost(error: unknown): void {
      lostBatches++;
      report('error', ['a batch of telemetry is lost:', error]);
    },
  };
}

/** Returns the endpoint's message about the first item that it refused. */
const readReason = (body: string | null | undefined): string => /"message":"([^"]{1,200})/.exec(body ?? '')?.[1] ?? '';
