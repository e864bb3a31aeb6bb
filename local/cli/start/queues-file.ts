import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readEntities, type ServiceBus } from '../../service-bus/index.ts';

export const queuesFile = 'infra/queues.json';

export const noServiceBus = `No Service Bus runs here, because ${queuesFile} names no queue and no topic.`;

/** Reads the entities of a checkout, checked and with every default. Throws an error whose message is one line. */
export function readQueuesFile(root: string): ReturnType<typeof readEntities> {
  try {
    return readEntities(JSON.parse(readFileSync(join(root, queuesFile), 'utf8').replace(/^\uFEFF/, '')));
  } catch (error) {
    const [first = '', ...faults] = (error as Error).message.split('\n');
    const more = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
    throw new Error(`${queuesFile} cannot be used: ${faults[0] ?? first}${more}`, { cause: error });
  }
}

/** Whether a service with these entities has a Service Bus. */
export const hasEntities = ({ queues, topics }: ReturnType<typeof readEntities>): boolean =>
  Object.keys({ ...queues, ...topics }).length > 0;

function withoutBroker(entities: ReturnType<typeof readEntities>) {
  const needed = `${queuesFile} names its first queue or topic, and no Service Bus runs yet: stop this and start it again.`;
  const usable = !hasEntities(entities);
  return { usable, sentences: usable ? [] : [needed], made: [] };
}

type Broker = ServiceBus['entities'];

/** One entity of the file beside the broker's own of that name. */
interface Entity {
  label: string;
  properties: object;
  present(): object | undefined;
  put(): void;
}

function entitiesOf({ queues, topics }: ReturnType<typeof readEntities>, broker: Broker): Entity[] {
  const ofQueues = Object.entries(queues).map(([name, properties]) => ({
    label: `queue "${name}"`,
    properties,
    present: () => broker.queue(name)?.properties,
    put: () => broker.putQueue(name, properties),
  }));
  const ofTopics = Object.entries(topics).flatMap(([name, { subscriptions, ...properties }]) => [
    {
      label: `topic "${name}"`,
      properties,
      present: () => broker.topic(name)?.properties,
      put: () => broker.putTopic(name, properties),
    },
    ...Object.entries(subscriptions).map(([inner, own]) => ({
      label: `subscription "${name}/${inner}"`,
      properties: own,
      present: () => broker.subscription(name, inner)?.properties,
      put: () => broker.putSubscription(name, inner, own),
    })),
  ]);
  return [...ofQueues, ...ofTopics];
}

const labelsOf = (broker: Broker): string[] => [
  ...broker.queues().map(({ name }) => `queue "${name}"`),
  ...broker
    .topics()
    .flatMap(({ name, subscriptions }) => [
      `topic "${name}"`,
      ...subscriptions.map((each) => `subscription "${name}/${each.name}"`),
    ]),
];

/**
 * Makes the running broker hold what the file names whenever it is called. An entity that is no longer in the file, or that
 * has other properties there, stays as it is with its messages until the next start. Answers what is to be told, each
 * thing once while it is so; `usable` is false for a file that cannot be used, and then nothing changes. Without a broker the
 * first entity needs a new start of everything.
 */
export function followQueuesFile(
  root: string,
  broker: Broker | undefined,
): () => { usable: boolean; sentences: string[] } {
  let said: readonly string[] = [];

  const follow = (): { usable: boolean; sentences: string[]; made: string[] } => {
    const sentences: string[] = [];
    const made: string[] = [];
    try {
      const entities = readQueuesFile(root);
      if (broker === undefined) return withoutBroker(entities);
      const wanted = entitiesOf(entities, broker);
      const names = new Set(wanted.map(({ label }) => label.toLowerCase()));
      for (const { label, properties, present, put } of wanted) {
        const known = present();
        if (known === undefined) {
          put();
          made.push(`${queuesFile}: ${label} is new, and the broker has it now.`);
        } else if (!isDeepStrictEqual(known, properties)) {
          sentences.push(`${queuesFile}: ${label} has other properties now; they hold from the next "npm start" on.`);
        }
      }
      const gone = labelsOf(broker).filter((label) => !names.has(label.toLowerCase()));
      const kept = 'is no longer in it; the broker keeps it and its messages until the next "npm start".';
      return {
        usable: true,
        sentences: [...sentences, ...gone.map((label) => `${queuesFile}: ${label} ${kept}`)],
        made,
      };
    } catch (error) {
      return { usable: false, sentences: [(error as Error).message], made };
    }
  };

  return () => {
    const { usable, sentences, made } = follow();
    const fresh = sentences.filter((sentence) => !said.includes(sentence));
    said = sentences;
    return { usable, sentences: [...made, ...fresh] };
  };
}
