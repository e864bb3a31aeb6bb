import { setTimeout as wait } from 'node:timers/promises';
import { whyDeadLettered } from '../common-signals.ts';
import type { Drill, DrillScene, Signal } from '../drill-definition.ts';
import type { SeenSignal } from '../drill-report.ts';
import { runOperatorCommand } from '../drilled-command.ts';
import { queueOf } from '../queue-of-business.ts';

/** How many dead letters lie there when the command begins. */
const poisoned = 5;
const patienceMs = 15_000;
/** The name is what the person says: a broker on one machine asks for no token that would prove it. */
const replay = ['replay', '--yes', '--json', '--actor', 'on-call'];
/** How many messages the command replayed, by run. */
const replayed = new WeakMap<DrillScene, number>();

const saidActor: Signal = {
  question: 'By whom were messages replayed, as the person says?',
  query: `AppEvents
| where Name == "message.replayed"
| summarize messages = dcount(tostring(Properties.messageId)) by actor = tostring(Properties.actor)
| project answer = strcat(messages, " messages by ", actor)`,
};
const provenActor: Signal = {
  question: 'By whom, as the security table says?',
  query: `ServiceSecurity_CL
| where Event == "dead-letters-replayed"
| summarize messages = sum(Calls) by Actor
| project answer = strcat(messages, " messages by ", Actor)`,
};

/** Poison messages, which are dead-lettered before the command begins. */
async function begin({ load, checkout, serviceBus }: DrillScene): Promise<void> {
  const poison = checkout.business.requests?.drill?.poison;
  if (!poison)
    throw new Error(`The business ${checkout.business.name} describes no poison message: add "drill.poison".`);
  for (let turn = 0; turn < poisoned; turn++) load.send(poison(`poison-${Date.now()}-${turn}`));
  const queue = serviceBus.entities.queue(queueOf(checkout))?.queue;
  const giveUpAt = performance.now() + patienceMs;
  while ((queue?.counts().deadLetter ?? 0) < poisoned) {
    if (performance.now() > giveUpAt) throw new Error('The poison messages were not dead-lettered.');
    await wait(100);
  }
}

async function during(scene: DrillScene): Promise<void> {
  const said = await runOperatorCommand(scene, 'dead-letters', replay);
  replayed.set(scene, JSON.parse(said).replayed);
}

/** Without a row of telemetry: what the command wrote. */
const tells = (scene: DrillScene): SeenSignal[] => [
  {
    question: 'What did the command do?',
    query: `npm run dead-letters -- ${replay.join(' ')}`,
    answer: `${replayed.get(scene) ?? 0} messages replayed`,
  },
];

export const newReplayer: Drill = {
  name: 'new-replayer',
  question: 'A person who never did it before replays dead letters: does anyone hear of it, and who was it?',
  from: 4,
  needs: ['queue', 'poison', 'operator'],
  begin,
  during,
  end: () => undefined,
  mustFire: [
    { rule: 'dead-letters', from: 1, why: 'The poison messages lie in the dead-letter queue, before and after.' },
    { rule: 'replay-by-new-principal', from: 5, why: 'In the day before the fault its actor replayed nothing.' },
  ],
  mayFire: [
    { rule: 'exception-spike', from: 4, why: 'The same error, which was never there before, is logged for each.' },
    { rule: 'dead-letter-poisoning', from: 5, why: 'All of them are of one producer.' },
  ],
  signals: [whyDeadLettered, saidActor, provenActor],
  tells,
  broken: (_result, scene) => (replayed.get(scene) ? [] : ['no dead letter was replayed, so that nothing is shown']),
};
