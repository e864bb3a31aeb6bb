import { setTimeout as wait } from 'node:timers/promises';
import { failedRequests, loggedErrors } from '../common-signals.ts';
import type { Drill, DrillScene } from '../drill-definition.ts';
import type { SeenSignal } from '../drill-report.ts';
import { queueOf } from '../queue-of-business.ts';

/** How long the broker hands out nothing before it is lost, so that messages lie in it then. */
const heldMs = 1_500;
/** Then, for how long it accepts messages and its answers are lost, as while a region fails: their senders cannot know. */
const unansweredMs = 1_000;
/** Longer than the region is lost. */
const neverMs = 600_000;
/** How many messages lay in the region when it was lost, by run. */
const waited = new WeakMap<DrillScene, number>();

/** Without a row of telemetry: the brokers and the ledger of the destinations. */
function tells(scene: DrillScene): SeenSignal[] {
  const { duplicates } = scene.destination.ledger.totals();
  return [
    {
      question: 'How many messages lay in the region when it was lost?',
      query: 'the broker of the drill',
      answer: `${waited.get(scene) ?? 0}, handled after its return`,
    },
    {
      question: 'What arrived twice?',
      query: 'the ledger of the destination',
      answer: `${duplicates} messages, under the id that the caller was given`,
    },
  ];
}

/** What arrived under an id that no caller was given: a message that was sent to both regions as two. */
function strangers({ destination, load }: DrillScene): string[] {
  const known = new Set(load.sent.map(({ id }) => id));
  return destination.ledger.entries().flatMap(({ key }) => (known.has(key) ? [] : [key]));
}

/** What level 5 promises: no caller is refused, and what lies in both regions arrives twice under one id. */
function brokenWithFallBack(refused: number, scene: DrillScene): string[] {
  const unknown = strangers(scene).length;
  return [
    ...(refused > 0 ? [`${refused} requests were refused though the other region could take them`] : []),
    ...(unknown > 0 ? [`${unknown} deliveries have an id that no caller was given`] : []),
    ...(scene.destination.ledger.totals().duplicates > 0
      ? []
      : ['no message was in both regions, so that nothing is shown of what arrives twice']),
  ];
}

export const regionLost: Drill = {
  name: 'region-lost',
  question: 'The Service Bus of a region is lost with messages in it: does the other region take over, and back again?',
  needs: ['queue', 'callers', 'destinations'],
  from: 4,
  twoRegions: true,
  faultMinutes: 75,
  begin: async (scene) => {
    scene.serviceBus.faults.slowDelivery(neverMs);
    await wait(heldMs);
    scene.serviceBus.faults.ignoreSends({ carriedOut: true });
    await wait(unansweredMs);
    await scene.serviceBus.faults.mode('down');
    waited.set(scene, scene.serviceBus.entities.queue(queueOf(scene.checkout))?.queue.counts().total ?? 0);
  },
  end: async ({ serviceBus }) => void (await serviceBus.faults.mode('ok')),
  mustFire: [
    { rule: 'failed-requests', from: 1, to: 4, why: 'With one region every request that sends is answered with 503.' },
    {
      rule: 'error-budget-fast',
      from: 4,
      to: 4,
      why: 'All requests fail: the budget of the month is gone within hours.',
    },
    {
      rule: 'consumer-stalled',
      from: 4,
      why: 'Messages are accepted, and the workers of this region get none. At level 5 it is all that tells of the loss.',
    },
  ],
  mayFire: [
    { rule: 'error-budget-medium', from: 4, to: 4, why: 'Minutes without any good answer burn that window too.' },
    { rule: 'error-budget-slow', from: 4, to: 4, why: 'Minutes without any good answer burn that window too.' },
    { rule: 'exception-spike', from: 4, why: 'Each refused request logs the same error.' },
    { rule: 'dependency-failing', from: 4, why: 'The connection to the broker is a dependency too.' },
    { rule: 'backlog', from: 4, why: 'Messages lie in the lost region until it returns.' },
    { rule: 'oldest-message', from: 4, why: 'They were first accepted before the loss.' },
    { rule: 'message-latency', from: 4, why: 'They are handled after the return.' },
  ],
  signals: [failedRequests, loggedErrors],
  tells,
  broken: ({ level, messages: { refused, waiting } }, scene) => [
    ...(waited.get(scene) ? [] : ['no message lay in the lost region, so that its return proves nothing']),
    ...(waiting > 0 ? [`${waiting} messages still lie in a queue after the return`] : []),
    ...(level >= 5 ? brokenWithFallBack(refused, scene) : []),
  ],
};
