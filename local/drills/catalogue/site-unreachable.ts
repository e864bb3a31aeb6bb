import { containerEnds } from '../common-signals.ts';
import type { Drill } from '../drill.ts';

export const siteUnreachable: Drill = {
  name: 'site-unreachable',
  question: 'No replica of the service runs: who hears of it before the callers ring?',
  begin: ({ processes }) => processes.end(),
  end: ({ processes }) => processes.start(),
  mustFire: [
    { rule: 'no-replica', from: 1, why: 'The platform counts no replica.' },
    { rule: 'failed-requests', from: 1, why: 'The ingress answers 503 for a service that is not there.' },
    { rule: 'telemetry-silent', from: 4, why: 'Nothing reports.' },
  ],
  signals: [containerEnds],
};
