import { failedCalls, messageSteps } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';
import { repeatEvery } from '../repeat-every.ts';

export const dependencyFlapping: Drill = {
  name: 'dependency-flapping',
  question: 'What the handlers call comes and goes every two seconds: does anything get lost, and who notices?',
  needs: ['queue', 'destinations'],
  begin: () => undefined,
  during: ({ destination }, signal) =>
    repeatEvery(2_000, signal, async (turn) => void (await destination.faults.mode(turn % 2 === 0 ? 'down' : 'ok'))),
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [
    { rule: 'dead-letters', from: 1, to: 1, why: 'Two seconds without an answer use up the deliveries of a message.' },
    { rule: 'dependency-failing', from: 4, why: 'One call in five or more fails.' },
  ],
  mayFire: [
    { rule: 'exception-spike', from: 4, why: 'Each failed attempt logs the same error.' },
    { rule: 'retry-storm', from: 4, why: 'Messages are tried again each time.' },
  ],
  signals: [failedCalls, messageSteps],
  broken: ({ level, messages: { deadLettered } }) =>
    level >= 2 && deadLettered > 0 ? [`${deadLettered} messages were dead-lettered though they only had to wait`] : [],
};
