import { containerEnds, messageSteps } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';
import { repeatEvery } from '../repeat-every.ts';

export const workerCrash: Drill = {
  name: 'worker-crash',
  question: 'The process dies with messages in hand, and again each time: are they handled again?',
  needs: ['queue', 'destinations'],
  queue: { lockDuration: 'PT5S' },
  begin: async ({ destination }) => void (await destination.faults.mode('slow', { ms: 300 })), // it has something in hand at any moment
  during: (scene, signal) =>
    repeatEvery(5_000, signal, async () => {
      await scene.processes.crash();
      await scene.processes.start();
    }),
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [
    { rule: 'restarts', from: 1, why: 'The container ends again and again though nothing asked it to.' },
    { rule: 'failed-requests', from: 1, why: 'While no process runs the ingress answers 503 for it.' },
  ],
  mayFire: [
    { rule: 'dependency-failing', from: 4, why: 'A call that the death cut off may be recorded as failed.' },
    { rule: 'no-replica', from: 1, why: 'No process runs at the moment of a measurement.' },
  ],
  signals: [containerEnds, messageSteps],
};
