import { failedCalls, messageSteps } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

export const dependencyDown: Drill = {
  name: 'dependency-down',
  question: 'What the handlers call refuses every connection: are the messages kept, and who hears of it?',
  needs: ['queue', 'destinations'],
  begin: async ({ destination }) => void (await destination.faults.mode('down')),
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [
    {
      ...{ rule: 'dead-letters', from: 1, to: 1 },
      why: 'Without retries a message uses up its deliveries within a moment, and the broker dead-letters it.',
    },
    { rule: 'dependency-failing', from: 4, why: 'Every call of the destinations fails.' },
  ],
  mayFire: [
    { rule: 'exception-spike', from: 4, why: 'Each failed attempt logs the same error.' },
    { rule: 'backlog', from: 4, why: 'The consumer is paused, so that nothing is completed while messages wait.' },
    { rule: 'consumer-stalled', from: 4, why: 'The consumer is paused, and few probes reach a handler.' },
    { rule: 'oldest-message', from: 4, why: 'Messages wait for as long as the destinations are down.' },
    { rule: 'message-latency', from: 4, why: 'What waited is completed late once the destinations are back.' },
    { rule: 'retry-storm', from: 4, why: 'Only probes are tried, each for a message that was tried before.' },
  ],
  signals: [failedCalls, messageSteps],
  broken: ({ level, messages: { deadLettered } }) =>
    level >= 2 && deadLettered > 0 ? [`${deadLettered} messages were dead-lettered though they only had to wait`] : [],
};
