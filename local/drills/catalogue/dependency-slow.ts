import { messageSteps, slowestCalls } from '../common-signals.ts';
import type { Drill, DrillScene, PromisedResult } from '../drill-definition.ts';

/** The destination that is slow; the others must not feel it. */
const slowOf = ({ checkout }: Pick<DrillScene, 'checkout'>): string => Object.keys(checkout.destinations)[0] ?? '';
/** Latencies of some seconds are never equal: twice as long and a busy machine's hiccup is noise. */
const noise = (calmMs: number) => 2 * calmMs + 250;

export const dependencySlow: Drill = {
  name: 'dependency-slow',
  question: 'One dependency answers too late: does that slow callers or the other dependencies, and who notices?',
  needs: ['queue', 'destinations'],
  from: 1,
  perSecond: 12,
  begin: async (scene) => {
    await scene.destination.faults.mode('slow', { ms: 3_500, destination: slowOf(scene) });
  },
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [],
  mayFire: [
    { rule: 'message-latency', from: 4, why: 'Messages for the slow dependency are completed late.' },
    { rule: 'dependency-failing', from: 4, why: 'A call that runs into the deadline of its handler fails.' },
    { rule: 'dead-letters', from: 1, why: 'A message whose handler runs into its deadline uses up its deliveries.' },
    { rule: 'exception-spike', from: 4, why: 'Each call that runs into the deadline logs the same error.' },
  ],
  signals: [slowestCalls, messageSteps],
  broken: (result, scene) => [...callersFelt(result), ...(result.level >= 2 ? othersFelt(result, scene) : [])],
};

function callersFelt({ latencies, readiness }: PromisedResult): string[] {
  const [calm, fault] = [latencies.answers('calm'), latencies.answers('fault')];
  const ready = [...readiness].every((status) => status === 200);
  return [
    ...(fault > noise(calm) ? [`the 99th percentile of answers went from ${calm} to ${fault} ms`] : []),
    ...(ready ? [] : [`readiness answered ${[...readiness].join(', ')} though only a dependency was slow`]),
  ];
}

function othersFelt({ latencies }: PromisedResult, scene: DrillScene): string[] {
  const others = Object.keys(scene.checkout.destinations).filter((name) => name !== slowOf(scene));
  const [calm, fault] = [latencies.arrivals('calm', others), latencies.arrivals('fault', others)];
  return fault > noise(calm) ? [`the 99th percentile of the other dependencies went from ${calm} to ${fault} ms`] : [];
}
