import { containerEnds, lastWords } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';
import { repeatEvery } from '../repeat-every.ts';

export const crashAtStart: Drill = {
  name: 'crash-at-start',
  question: 'A deployment with a wrong setting cannot start: who says so, and which setting was it?',
  faultMinutes: 35,
  begin: ({ processes }) => processes.end(),
  during: ({ processes }, signal) =>
    repeatEvery(1_000, signal, async () => void (await processes.launch({ env: { SEND_TIMEOUT_MS: 'soon' } }).ended)),
  end: ({ processes }) => processes.start(),
  mustFire: [
    { rule: 'restarts', from: 1, why: 'The container ends again and again.' },
    { rule: 'failed-requests', from: 1, why: 'The ingress answers 503 for a service that is not there.' },
    { rule: 'telemetry-silent', from: 4, why: 'It ends before it can report.' },
  ],
  mayFire: [
    { rule: 'backlog', from: 4, why: 'A message that was accepted last waits for a replica.' },
    { rule: 'consumer-stalled', from: 4, why: 'A message that was accepted last waits for a replica.' },
    { rule: 'no-replica', from: 1, why: 'No process runs at most measurements.' },
  ],
  signals: [containerEnds, lastWords],
};
