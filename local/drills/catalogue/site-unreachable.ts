import { containerEnds } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

export const siteUnreachable: Drill = {
  name: 'site-unreachable',
  question: 'No replica of the service runs: who hears of it before the callers ring?',
  faultMinutes: 35,
  begin: ({ processes }) => processes.crash(), // its node is gone
  end: ({ processes }) => processes.start(),
  mustFire: [
    { rule: 'no-replica', from: 1, why: 'The platform counts no replica.' },
    { rule: 'failed-requests', from: 1, why: 'The ingress answers 503 for a service that is not there.' },
    { rule: 'telemetry-silent', from: 4, why: 'Nothing reports.' },
    { rule: 'heartbeat-missing', from: 4, why: 'The replica beats no more and did not say that it ends.' },
  ],
  mayFire: [
    { rule: 'consumer-stalled', from: 4, why: 'A message that was accepted last waits for a replica.' },
    { rule: 'backlog', from: 4, why: 'A message that was accepted last waits for a replica.' },
  ],
  signals: [containerEnds],
};
