import { readAddress, type ServiceBus } from '../service-bus/index.ts';
import type { MetricStore } from './metric-store.ts';

type Broker = Pick<ServiceBus, 'entities' | 'refusals'>;
type Measured = Record<Gauge | Counter, number>;
type Gauge = 'ActiveMessages' | 'DeadletteredMessages';
type Counter = 'IncomingMessages' | 'CompleteMessage' | 'AbandonMessage' | 'ThrottledRequests' | 'ServerErrors';

const gauges: readonly Gauge[] = ['ActiveMessages', 'DeadletteredMessages'];
const counters: readonly Counter[] = [
  'IncomingMessages',
  'CompleteMessage',
  'AbandonMessage',
  'ThrottledRequests',
  'ServerErrors',
];

/**
 * Answers what measures the broker once: how many messages its queues and topics hold, and what happened since it was asked
 * before, by `EntityName`. A topic's numbers are those of its subscriptions together, as Azure does not tell these apart.
 */
export function createBrokerSampler({ entities, refusals }: Broker, store: Pick<MetricStore, 'record'>): () => void {
  let before = new Map<string, Measured>();
  return () => {
    const now = measure(entities, refusals());
    for (const [EntityName, measured] of now) {
      const last = before.get(EntityName);
      for (const gauge of gauges) store.record(gauge, { EntityName }, measured[gauge]);
      for (const counter of counters) {
        // An entity that was replaced begins anew.
        const known = last && last[counter] <= measured[counter] ? last[counter] : 0;
        store.record(counter, { EntityName }, measured[counter] - known);
      }
    }
    before = now;
  };
}

function measure(entities: Broker['entities'], refusals: ReturnType<Broker['refusals']>): Map<string, Measured> {
  const refused = [...refusals].map(([address, counts]) => ({ entity: entityOf(address).toLowerCase(), ...counts }));
  const of = (name: string, inbox: Traffic, queues: readonly Sources[]): [string, Measured] => {
    const sum = (value: (queue: Sources) => number) => queues.reduce((total, queue) => total + value(queue), 0);
    const own = refused.filter(({ entity }) => entity === name.toLowerCase());
    return [
      name,
      {
        ActiveMessages: sum((queue) => queue.counts().active),
        DeadletteredMessages: sum((queue) => queue.counts().deadLetter),
        IncomingMessages: inbox.traffic.incoming,
        CompleteMessage: sum(({ traffic }) => traffic.completed),
        AbandonMessage: sum(({ traffic }) => traffic.abandoned),
        ThrottledRequests: own.reduce((total, { throttled }) => total + throttled, 0),
        ServerErrors: own.reduce((total, { serverErrors }) => total + serverErrors, 0),
      },
    ];
  };
  return new Map([
    ...entities.queues().map(({ name, queue }) => of(name, queue, [queue])),
    ...entities.topics().map(({ name, topic, subscriptions }) =>
      of(
        name,
        topic.inbox,
        subscriptions.map(({ queue }) => queue),
      ),
    ),
  ]);
}

type Sources = ReturnType<Broker['entities']['queues']>[number]['queue'];
type Traffic = Pick<Sources, 'traffic'>;

/** The queue or topic that an address belongs to. */
const entityOf = (address: string): string => {
  const { name, topicName } = readAddress(address);
  return topicName ?? name;
};
