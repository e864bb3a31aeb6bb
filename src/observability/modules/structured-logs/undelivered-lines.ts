import type { Clock } from '../../../platform/clock.ts';
import type { Severity } from '../../../platform/log.ts';
import { type Shipment, watchShipments } from '../application-insights/shipments.ts';
import type { Line } from './line.ts';

/** What the exporter sends for a line without an error. Lines with one are warnings or errors: the console has them. */
interface Envelope {
  time: string;
  tags: Record<string, string | undefined>;
  data: {
    baseType: string;
    baseData: { message?: string; severityLevel?: string; properties?: Record<string, string> };
  };
}

const severities: Readonly<Record<string, Severity>> = { Verbose: 'debug', Information: 'info' };

/**
 * Hands the debug and info lines that telemetry could not deliver to `write`. While the result of the call returns true,
 * new lines are to be written at once: the exporter's queue may overflow.
 */
export function watchUndelivered(write: (line: Line) => void, clock: Clock): () => boolean {
  let failingSince: number | undefined;

  watchShipments((shipment) => {
    if (!shipment.body.includes('"MessageData"')) return;
    // What came later was written when it was logged.
    const until = failingSince ?? Number.POSITIVE_INFINITY;
    for (const line of lostLines(shipment)) if (line.time.getTime() < until) write(line);
    failingSince = shipment.outcome === 'lost' ? (failingSince ?? clock.now().getTime()) : undefined;
  });
  return () => failingSince !== undefined;
}

function lostLines({ body, outcome, isLost }: Shipment): Line[] {
  if (outcome === 'delivered') return [];
  const envelopes = JSON.parse(body) as Envelope[];
  return envelopes.flatMap(({ time, tags, data }, index) => {
    const { message = '', severityLevel = '', properties = {} } = data.baseData;
    const severity = severities[severityLevel];
    if (data.baseType !== 'MessageData' || !severity || !isLost(index)) return [];
    const traceId = tags['ai.operation.id'];
    const spanId = tags['ai.operation.parentId'];
    const fields = Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith('_MS.')));
    return { time: new Date(time), severity, message, fields, ...(traceId && { traceId }), ...(spanId && { spanId }) };
  });
}
