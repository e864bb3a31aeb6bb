import { sentIdOf } from '../queued-message.ts';
import type { SentFile } from './soak-load.ts';
import type { StandIns } from './soak-stand-ins.ts';

export interface Places {
  /** Milliseconds since 1970 at which its destination first took it; undefined while it has not. */
  deliveredAt(file: SentFile): number | undefined;
  isDeadLettered(file: SentFile): boolean;
  /** Those that are neither delivered nor dead-lettered. */
  unsettled(files: readonly SentFile[]): SentFile[];
  /**
   * How often the message that was handed out most often was handed out: as seen in the broker every so often, and exactly
   * by the service's own rows, which begin at level 2 and are complete when it has ended.
   */
  mostDeliveries(): number;
  stop(): void;
}

const lookEveryMs = 100;
const everything = 1_000_000;
const failedBefore = 'messaging.servicebus.message.delivery_count';
const propertiesOf = (column: unknown) => (column ?? {}) as Readonly<Record<string, unknown>>;

/** Looks at broker and destinations from inside: what the service says of itself counts for nothing here. */
export function watchPlaces({ serviceBus, destination, insights, business }: StandIns): Places {
  const queue = serviceBus.entities.queue(business.queue)?.queue;
  if (!queue) throw new Error('The broker has no queue of the business.');
  let most = 0;
  let dead = new Set<string>();

  function look(): void {
    const letters = queue?.deadLetters?.peek(0, everything) ?? [];
    dead = new Set(letters.map(sentIdOf));
    for (const { deliveryCount, lock } of queue?.peek(0, everything) ?? []) {
      most = Math.max(most, deliveryCount + (lock ? 1 : 0));
    }
    for (const { deliveryCount } of letters) most = Math.max(most, deliveryCount);
  }
  const timer = setInterval(look, lookEveryMs);

  const deliveredAt: Places['deliveredAt'] = ({ key, destination: name, sha256 }) => {
    const entry = destination.ledger.get(key, name);
    return entry?.sha256 === sha256 ? Date.parse(entry.firstReceivedAt) : undefined;
  };
  return {
    deliveredAt,
    isDeadLettered: ({ key }) => dead.has(key),
    unsettled(files) {
      look();
      return files.filter((file) => deliveredAt(file) === undefined && !dead.has(file.key));
    },
    mostDeliveries() {
      const rows = insights
        .rows('AppRequests')
        .map(({ Properties }) => Number(propertiesOf(Properties)[failedBefore]) + 1);
      return rows.reduce((highest, count) => (count > highest ? count : highest), most); // not so for NaN
    },
    stop: () => clearInterval(timer),
  };
}
