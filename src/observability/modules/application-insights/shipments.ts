import { channel, subscribe } from 'node:diagnostics_channel';
import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';

type ExporterOptions = NonNullable<AzureMonitorOpenTelemetryOptions['azureMonitorExporterOptions']>;
type Policy = NonNullable<ExporterOptions['additionalPolicies']>[number];

/** What became of one batch of telemetry, after the exporter's own retries. */
export interface Shipment {
  readonly outcome: 'delivered' | 'partly' | 'lost';
  /** For people; empty when it was delivered. */
  readonly problem: string;
  /** The batch as it was sent: a JSON array of envelopes. */
  readonly body: string;
  /** Whether the envelope at this place in the batch was not accepted. */
  isLost(index: number): boolean;
}

type Answer = Omit<Shipment, 'body'>;

const name = 'telemetry-shipment';
const shipments = channel(name);

/** The listener runs inside the exporter's own call: it must be quick, and what it throws would end the process. */
export const watchShipments = (listener: (shipment: Shipment) => void): void =>
  subscribe(name, (shipment) => listener(shipment as Shipment));

/** For whoever takes batches over from the exporter and learns later that one is lost: see `telemetry-spool`. */
export const tellShipment = (shipment: Shipment): void => shipments.publish(shipment);

/**
 * Tells what became of each batch. The exporter does not: with its storage on disk off it drops in silence what the
 * endpoint refuses for now.
 */
export const shipmentPolicy: Policy = {
  position: 'perCall',
  policy: {
    name,
    async sendRequest(request, next) {
      const body = typeof request.body === 'string' ? request.body : '[]';
      try {
        const response = await next(request);
        const isRedirect = response.status === 307 || response.status === 308;
        if (!isRedirect) shipments.publish({ body, ...readAnswer(response.status, response.bodyAsText ?? '') });
        return response;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        shipments.publish({ body, ...lost(`no answer: ${reason}`) });
        throw error;
      }
    },
  },
};

const lost = (problem: string): Answer => ({ outcome: 'lost', problem, isLost: () => true });

function readAnswer(status: number, text: string): Answer {
  if (status === 200) return { outcome: 'delivered', problem: '', isLost: () => false };
  const refused = readRefused(text);
  const reason = refused[0]?.message?.slice(0, 200) ?? '';
  if (status !== 206) return lost(`answered with ${status} ${reason}`.trim());
  const places = new Set(refused.map(({ index }) => index));
  return { outcome: 'partly', problem: `accepted in part: ${reason}`, isLost: (index) => places.has(index) };
}

function readRefused(text: string): readonly { index?: number; message?: string }[] {
  try {
    const { errors } = JSON.parse(text);
    return Array.isArray(errors) ? errors : [];
  } catch {
    return [];
  }
}
