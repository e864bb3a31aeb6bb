import { ownPrefix, textIn } from '../../../src/platform/message-properties.ts';
import { propertiesOf } from '../../queued-message.ts';
import { newestRow } from '../common-signals.ts';
import type { Drill, DrillScene } from '../drill-definition.ts';
import { queueOf } from '../queue-of-business.ts';

const deadLettersOf = ({ serviceBus, checkout }: DrillScene) =>
  serviceBus.entities.queue(queueOf(checkout))?.queue.deadLetters?.peek(0, 100_000) ?? [];

/** When it was sent, how often it was tried and why it failed: what can be told of a message from itself alone. */
function storyOf(message: ReturnType<typeof deadLettersOf>[number]): string | undefined {
  const properties = propertiesOf(message);
  const [reason, history] = [textIn(properties, 'DeadLetterReason'), textIn(properties, `${ownPrefix}history`)];
  return reason && history && `${reason}, ${history}`;
}

export const blackout: Drill = {
  name: 'blackout',
  question: 'No logs and no telemetry, and a receiver refuses what it gets: can the events be reconstructed?',
  needs: ['queue', 'destinations'],
  from: 1,
  faultMinutes: 35,
  deploys: true,
  begin: async ({ processes, destination, checkout }) => {
    await processes.end();
    const [first] = Object.keys(checkout.destinations);
    await destination.faults.mode('reject', { destination: first });
    await processes.start({ env: { APPLICATIONINSIGHTS_CONNECTION_STRING: undefined, LOG_LEVEL: 'error' } });
  },
  end: async ({ processes, destination }) => {
    await destination.faults.mode('ok');
    await processes.end();
    await processes.start();
  },
  mustFire: [
    {
      rule: 'dead-letters',
      from: 1,
      why: 'The broker counts dead letters itself: it needs no telemetry of the service.',
    },
    { rule: 'telemetry-silent', from: 4, why: 'No row of the role arrives for a quarter of an hour.' },
  ],
  mayFire: [
    { rule: 'consumer-stalled', from: 4, why: 'The rows that say that the last messages are handled never came.' },
    {
      rule: 'dead-letter-poisoning',
      from: 5,
      why: 'What the receiver refuses is of one producer. Security events go another way than telemetry, and are still there.',
    },
  ],
  signals: [newestRow],
  tells: (scene) => {
    const letters = deadLettersOf(scene);
    const [first] = letters.flatMap((message) => storyOf(message) ?? []);
    const told = letters.filter((message) => storyOf(message) !== undefined).length;
    return [
      {
        question: 'What do dead letters tell of themselves?',
        query: 'npm run dead-letters -- list',
        answer: `${told} of ${letters.length} tell when, how often and why${first === undefined ? '' : `: ${first.slice(0, 100)}`}`,
      },
    ];
  },
  broken: ({ level }, scene) => {
    const untold = deadLettersOf(scene).filter((message) => storyOf(message) === undefined).length;
    return level >= 2 && untold > 0 ? [`${untold} dead letters do not tell their story`] : [];
  },
};
