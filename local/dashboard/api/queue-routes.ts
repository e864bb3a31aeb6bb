import type { DashboardParts } from '../dashboard-parts.ts';
import type { ApiRoutes } from './api-router.ts';
import { type BrokerQueue, everyQueue, perMinute, queueSeries, waitingIn } from './broker-queues.ts';
import type { QueueFacts, QueueList } from './contract.ts';
import { createRanges } from './ranges.ts';

/** A consumer that has taken nothing for so long, while messages wait, is stalled. */
const STALLED_MS = 20_000;
const noQueues = 'infra/queues.json names no queue and no topic.';

interface Watched {
  done: number;
  since: number;
}

/** The broker's queues and subscriptions, from its own administration and from the metrics that Azure has of it. */
export function queueRoutes(parts: DashboardParts): ApiRoutes {
  const { serviceBus, platformMetrics, now } = parts;
  const ranges = createRanges(parts);
  const watched = new Map<BrokerQueue, Watched>();

  /** How long nothing has been settled, as far as was looked. */
  const idleMs = (queue: BrokerQueue): number => {
    const done = queue.traffic.completed + queue.traffic.abandoned;
    const known = watched.get(queue);
    const current = known?.done === done ? known : { done, since: now().getTime() };
    watched.set(queue, current);
    return now().getTime() - current.since;
  };
  const consumerOf = (queue: BrokerQueue, active: number, inFlight: number): QueueFacts['consumer'] => {
    const count = serviceBus?.receivers(queue) ?? 0;
    const idle = idleMs(queue);
    if (count === 0) return { state: 'none', count, text: 'No consumer receives' };
    if (active === 0 || idle < STALLED_MS) return { state: 'receiving', count, text: 'Receiving' };
    if (inFlight === 0) return { state: 'paused', count, text: `Paused: takes none of ${active}` };
    return { state: 'stalled', count, text: `Stalled ${Math.round(idle / 1_000)} s` };
  };

  return {
    'GET queues': async ({ query }) => {
      const range = await ranges.read(query);
      const queues = everyQueue(serviceBus?.entities).map(({ name, entity, queue }): QueueFacts => {
        const { active, scheduled, deadLetter } = queue.counts();
        const { oldestMs, inFlight } = waitingIn(queue, now());
        return {
          name,
          consumer: consumerOf(queue, active, inFlight),
          active,
          scheduled,
          inFlight,
          oldestMs,
          inPerMinute: perMinute(platformMetrics, 'IncomingMessages', entity, now()),
          outPerMinute: perMinute(platformMetrics, 'CompleteMessage', entity, now()),
          deadLettered: deadLetter,
          series: queueSeries(platformMetrics, range, entity),
        };
      });
      const data: QueueList = { queues, ...(queues.length === 0 && { none: noQueues }) };
      return { data };
    },
  };
}
