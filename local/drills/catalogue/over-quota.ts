import { newestRow } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

export const overQuota: Drill = {
  name: 'over-quota',
  question: 'The daily cap is reached and rows are dropped: who is told before everything is blind?',
  // Less than the usual load of a drill leaves in a day, also where the business only answers requests.
  config: { cost: { dailyCapMb: 100 } },
  holdsTelemetry: true,
  faultMinutes: 35,
  begin: async ({ insights }) => void (await insights.faults.mode('402')),
  end: async ({ insights }) => void (await insights.faults.mode('ok')),
  mustFire: [
    { rule: 'daily-cap', from: 4, early: true, why: 'More than four fifths of the cap came in within a day.' },
    { rule: 'daily-cap-reached', from: 4, why: 'Azure says so in the workspace.' },
    { rule: 'telemetry-silent', from: 4, why: 'No row of the role is kept.' },
  ],
  mayFire: [
    { rule: 'consumer-stalled', from: 4, why: 'The rows that say that messages are handled are dropped.' },
    { rule: 'heartbeat-missing', from: 4, why: 'The heartbeats are dropped.' },
  ],
  signals: [newestRow],
  broken: ({ messages: { sent, delivered } }) =>
    delivered < sent ? [`${sent - delivered} messages were not delivered, though only telemetry was dropped`] : [],
};
