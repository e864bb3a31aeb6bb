import type { PlatformMetrics } from '../../platform-metrics/index.ts';
import type { ServiceBus } from '../../service-bus/index.ts';
import type { AskedRange } from './asked-range.ts';
import type { TimeSeries } from './contract.ts';
import { kqlText } from './kql-text.ts';
import { stepsOf } from './time-series.ts';

type Entities = ServiceBus['entities'];
/** A queue of the broker, or the queue behind a subscription. */
export type BrokerQueue = ReturnType<Entities['queues']>[number]['queue'];

export interface NamedQueue {
  /** `files`, or `topic/subscription`. */
  name: string;
  /** By which the broker's metrics know it: they do not tell subscriptions apart. */
  entity: string;
  queue: BrokerQueue;
}

const MINUTE_MS = 60_000;
/** Messages that are looked at for the oldest one and for locks: receivers lock the oldest first. */
const LOOKED_AT = 1_000;

/** Everything that messages wait in. */
export const everyQueue = (entities: Entities | undefined): NamedQueue[] =>
  entities === undefined
    ? []
    : [
        ...entities.queues().map(({ name, queue }) => ({ name, entity: name, queue })),
        ...entities
          .topics()
          .flatMap(({ subscriptions }) => subscriptions)
          .map(({ name, topicName, queue }) => ({ name: `${topicName}/${name}`, entity: topicName, queue })),
      ];

/** How often each queue gives a message out: one that is not there, or that forwards, never gives up. */
export const mostDeliveriesOf =
  (entities: Entities | undefined) =>
  (name: string): number =>
    entities?.queue(name)?.queue.settings.maxDeliveryCount ?? Number.POSITIVE_INFINITY;

/** The same as KQL over a column `queue`. */
export function mostDeliveriesKql(entities: Entities | undefined): string {
  const most = (entities?.queues() ?? []).map(
    ({ name, queue }) => `queue == ${kqlText(name)}, ${queue.settings.maxDeliveryCount}, `,
  );
  return `case(${most.join('')}false, 0, ${2 ** 31 - 1})`;
}

/** What waits in a queue: how long the oldest has, and how many a receiver has locked. */
export function waitingIn(queue: BrokerQueue, now: Date): { oldestMs: number | null; inFlight: number } {
  const active = queue.peek(0, LOOKED_AT).filter(({ dueAt }) => dueAt === undefined);
  const oldest = active.reduce((least, { enqueuedAt }) => Math.min(least, enqueuedAt), Number.POSITIVE_INFINITY);
  return {
    oldestMs: Number.isFinite(oldest) ? Math.max(0, now.getTime() - oldest) : null,
    inFlight: active.filter(({ lock }) => lock !== undefined).length,
  };
}

/** All queues together. */
export function countQueues(entities: Entities | undefined, now: Date) {
  const total = { active: 0, scheduled: 0, deadLettered: 0, oldestMs: null as number | null };
  for (const { queue } of everyQueue(entities)) {
    const { active, scheduled, deadLetter } = queue.counts();
    const { oldestMs } = waitingIn(queue, now);
    total.active += active;
    total.scheduled += scheduled;
    total.deadLettered += deadLetter;
    if (oldestMs !== null) total.oldestMs = Math.max(total.oldestMs ?? 0, oldestMs);
  }
  return total;
}

/** `active` and `deadLettered` of an entity, or of all (`*`), as the metrics of Azure have them: by the minute. */
export function queueSeries(
  { readMetric }: Pick<PlatformMetrics, 'readMetric'>,
  asked: AskedRange,
  entity: string,
): TimeSeries {
  const range = { ...asked, step: Math.max(MINUTE_MS, asked.step) };
  const read = (metric: string): (number | null)[] => {
    const found = readMetric({
      metric,
      dimensions: { EntityName: [entity] },
      from: new Date(Math.floor(range.from / MINUTE_MS) * MINUTE_MS),
      to: new Date(range.to),
      grain: range.step / MINUTE_MS,
      aggregation: 'Maximum',
    });
    const byTime = new Map<number, number>();
    for (const { points } of found)
      for (const { time, value } of points) byTime.set(time.getTime(), (byTime.get(time.getTime()) ?? 0) + value);
    return times.map((at) => byTime.get(at) ?? null);
  };
  const times = stepsOf(range);
  return {
    step: range.step,
    times: times.map((at) => new Date(at).toISOString()),
    values: { active: read('ActiveMessages'), deadLettered: read('DeadletteredMessages') },
  };
}

/** How many of a metric there were in the last whole minute. */
export function perMinute(
  { readMetric }: Pick<PlatformMetrics, 'readMetric'>,
  metric: string,
  entity: string,
  now: Date,
): number {
  const to = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  const from = new Date(to.getTime() - MINUTE_MS);
  const [series] = readMetric({
    metric,
    dimensions: { EntityName: [entity] },
    from,
    to,
    grain: 1,
    aggregation: 'Total',
  });
  return series?.points.at(-1)?.value ?? 0;
}
