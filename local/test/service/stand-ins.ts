import { resolve } from 'node:path';
import { expect, vi } from 'vitest';
import { type ApplicationInsights, type Row, startApplicationInsights } from '../../application-insights/index.ts';
import { type Destination, startDestination } from '../../destination/index.ts';
import { sentIdOf } from '../../queued-message.ts';
import { type ServiceBus, startServiceBus } from '../../service-bus/index.ts';
import { fixtureBusiness, type TestedBusiness } from '../fixture-business.ts';

type Where = (row: Row) => boolean;

/** Azure and the destinations, in the test's own process, so that a test looks at them without asking the service. */
export interface StandIns {
  readonly serviceBus: ServiceBus;
  readonly insights: ApplicationInsights;
  readonly destination: Destination;
  /** The business that the service runs. */
  readonly business: TestedBusiness;
  /** The broker's queue of the business. */
  queue(): NonNullable<ReturnType<ServiceBus['entities']['queue']>>['queue'];
  /** Messages in queues and subscriptions that nobody has settled, and those of them that somebody has locked. */
  unsettled(): { total: number; locked: number };
  /** Message ids in the dead-letter queues, each with the broker's reason. */
  deadLettered(): Map<string, unknown>;
  /** Where a message has got to: its destination, or a queue; undefined when it is nowhere. */
  placeOf(id: string): string | undefined;
  /** Waits until every message has been settled. */
  settled(timeoutMs?: number): Promise<void>;
  /** Waits until `count` rows match, and fails when there are more. */
  rows(table: string, where: Where, count?: number): Promise<Row[]>;
  stop(): Promise<void>;
}

const patience = { timeout: 15_000, interval: 20 };

/** Starts all three. `queue` changes properties of the queue of the business; `entities` replaces everything. */
export async function startStandIns({
  business = fixtureBusiness,
  queue: changes = {},
  entities = withChanges(business, changes),
  withSecurityLogs = false,
}: {
  business?: TestedBusiness;
  queue?: object;
  entities?: unknown;
  /** Start the endpoint for security events too. */
  withSecurityLogs?: boolean;
} = {}): Promise<StandIns> {
  const [serviceBus, insights, destination] = await Promise.all([
    startServiceBus({ entities }),
    startApplicationInsights({ withSecurityLogs }),
    startDestination({ destinations: destinationsOf(business) }),
  ]);
  const queue: StandIns['queue'] = () => {
    const entry = serviceBus.entities.queue(business.queue);
    if (!entry) throw new Error('This broker has no queue of the business.');
    return entry.queue;
  };
  const sources = () => {
    const { entities } = serviceBus;
    return [...entities.queues(), ...entities.topics().flatMap(({ subscriptions }) => subscriptions)];
  };
  const waiting = () => sources().flatMap((source) => source.queue.peek(0, 100_000));
  const unsettled: StandIns['unsettled'] = () => {
    const messages = waiting();
    return { total: messages.length, locked: messages.filter(({ lock }) => lock).length };
  };
  const deadLettered: StandIns['deadLettered'] = () => {
    const messages = sources().flatMap((source) => source.queue.deadLetters?.peek(0, 100_000) ?? []);
    return new Map(messages.map((message) => [sentIdOf(message), message.changedProperties.DeadLetterReason]));
  };

  return {
    serviceBus,
    insights,
    destination,
    business,
    queue,
    unsettled,
    deadLettered,
    placeOf(id) {
      const delivered = destination.ledger.get(id)?.destination;
      if (delivered !== undefined) return delivered;
      if (deadLettered().has(id)) return 'dead-letter queue';
      return waiting().some((message) => sentIdOf(message) === id) ? 'queue' : undefined;
    },
    settled: (timeout = patience.timeout) =>
      vi.waitFor(() => expect(unsettled().total).toBe(0), { ...patience, timeout }),
    rows: (table, where, count = 1) =>
      vi.waitFor(() => {
        const found = insights.rows(table).filter(where);
        expect(found, `rows of ${table}`).toHaveLength(count);
        return found;
      }, patience),
    async stop() {
      await Promise.all([serviceBus.stop(), insights.stop(), destination.stop()]);
    },
  };
}

const withChanges = ({ entities, queue }: TestedBusiness, changes: object) =>
  queue === ''
    ? entities
    : { ...entities, queues: { ...entities.queues, [queue]: { ...entities.queues[queue], ...changes } } };

/** Of this checkout, where they stand in a file. */
const destinationsOf = ({ destinations = {} }: TestedBusiness) =>
  typeof destinations === 'function' ? destinations(resolve(import.meta.dirname, '../../..')) : destinations;
