import { newestRow } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

export const ingestionOutage: Drill = {
  name: 'ingestion-outage',
  question: 'Application Insights refuses connections: does the service go on, and is the telemetry lost?',
  holdsTelemetry: true,
  faultMinutes: 35,
  begin: async ({ insights }) => void (await insights.faults.mode('down')),
  end: async ({ insights }) => void (await insights.faults.mode('ok')),
  mustFire: [{ rule: 'telemetry-silent', from: 4, why: 'No row of the role arrives for a quarter of an hour.' }],
  mayFire: [
    { rule: 'consumer-stalled', from: 4, why: 'The rows that say that messages are handled do not arrive.' },
    { rule: 'heartbeat-missing', from: 4, why: 'The heartbeats do not arrive.' },
  ],
  signals: [newestRow],
  broken: ({ messages: { sent, delivered } }) =>
    delivered < sent ? [`${sent - delivered} messages were not delivered, though only telemetry was down`] : [],
};
