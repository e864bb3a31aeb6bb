import { newestRow } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

export const telemetrySilent: Drill = {
  name: 'telemetry-silent',
  question: 'A deployment forgot the connection string: the service works and tells nobody. Who notices?',
  faultMinutes: 35,
  deploys: true,
  begin: async ({ processes }) => {
    await processes.end();
    await processes.start({ env: { APPLICATIONINSIGHTS_CONNECTION_STRING: undefined } });
  },
  end: async ({ processes }) => {
    await processes.end();
    await processes.start();
  },
  mustFire: [{ rule: 'telemetry-silent', from: 4, why: 'No row of the role arrives for a quarter of an hour.' }],
  mayFire: [
    { rule: 'consumer-stalled', from: 4, why: 'The rows that say that the last messages are handled never came.' },
  ],
  signals: [newestRow],
};
