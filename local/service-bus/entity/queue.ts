import type { Clock } from './broker-clock.ts';
import { createDeadlines } from './deadlines.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createIntake, type Intake } from './intake.ts';
import type { QueuedMessage } from './message.ts';
import { createMessageIndex } from './message-index.ts';
import type { QueueSettings } from './queue-settings.ts';

export interface QueueCounts {
  /** Receivable or locked. */
  readonly active: number;
  readonly scheduled: number;
  readonly deadLetter: number;
  /** The three together, as Azure's `MessageCount` counts. */
  readonly total: number;
  readonly bytes: number;
}

/** What clients did, counted since the queue is there. */
export interface QueueTraffic {
  incoming: number;
  completed: number;
  abandoned: number;
}

/** A queue, the queue behind a subscription, or a dead-letter queue: everything but the way messages travel. */
export interface Queue {
  /** The address as its creator spelt it, such as `parcels`, `orders/Subscriptions/audit` or `parcels/$DeadLetterQueue`. */
  readonly path: string;
  readonly settings: QueueSettings;
  readonly accept: Intake['accept'];
  readonly acceptForwarded: Intake['acceptForwarded'];
  readonly cancel: Intake['cancel'];
  readonly take: Deliveries['take'];
  readonly settle: Deliveries['settle'];
  readonly renew: Deliveries['renew'];
  readonly loseLock: Deliveries['loseLock'];
  /** At most `count` messages from this number on, in whatever state, without locking them. */
  peek(fromSequenceNumber: number, count: number): QueuedMessage[];
  counts(): QueueCounts;
  readonly traffic: Readonly<QueueTraffic>;
  /** Its dead-letter queue; `undefined` for a dead-letter queue itself. */
  readonly deadLetters: Queue | undefined;
  /** The one who hands messages out; called whenever a message becomes receivable. */
  onAvailable(listener: () => void): void;
  /** Empties it and its dead-letter queue, and forgets which message ids were seen. */
  clear(): void;
  stop(): void;
}

export interface QueueOptions {
  path: string;
  settings: QueueSettings;
  clock: Clock;
  /** For a topic: takes each active message instead of keeping it. */
  forward?: ((message: QueuedMessage) => void) | undefined;
}

/** Creates a queue with its dead-letter queue; with `forward`, the inbox of a topic. */
export function createQueue({ path, settings, clock, forward }: QueueOptions): Queue {
  const own = { path, clock };
  const deadLetters = forward ? undefined : createStore({ ...own, settings, path: `${path}/$DeadLetterQueue` });
  return createStore({ ...own, settings, deadLetters, forward });
}

interface StoreOptions extends QueueOptions {
  deadLetters?: Store | undefined;
}

interface Store extends Queue {
  /** Takes a message that was moved here. It keeps its number and its enqueued time, and lives for ever. */
  keep(message: QueuedMessage): void;
}

function createStore({ path, settings, clock, deadLetters, forward }: StoreOptions): Store {
  let notify = (): void => {};
  const index = createMessageIndex();
  const deadlines = createDeadlines({
    clock,
    isLive(sequence, at) {
      const message = index.get(sequence);
      return message?.dueAt === at || message?.lock?.until === at || message?.expiresAt === at;
    },
    onDue(sequence) {
      const message = index.get(sequence);
      if (message?.dueAt !== undefined) intake.activate(message);
      else if (message) deliveries.expire(message);
    },
  });
  const deliveries = createDeliveries({
    clock,
    settings,
    index,
    deadlines,
    onAvailable: () => notify(),
    deadLetter:
      deadLetters &&
      ((message, properties) => {
        const changedProperties = { ...message.changedProperties, ...properties };
        deadLetters.keep({ ...message, changedProperties, lock: undefined, deadLetterSource: path });
      }),
  });
  const intake = createIntake({
    clock,
    settings,
    index,
    deadlines,
    onActive(message) {
      if (!forward) return deliveries.offer(message);
      index.remove(message.sequenceNumber);
      forward(message);
    },
  });

  const traffic: QueueTraffic = { incoming: 0, completed: 0, abandoned: 0 };
  return {
    path,
    settings,
    deadLetters,
    traffic,
    accept(contents) {
      const numbers = intake.accept(contents);
      traffic.incoming += contents.length;
      return numbers;
    },
    acceptForwarded: intake.acceptForwarded,
    cancel: intake.cancel,
    take: deliveries.take,
    settle(token, disposition) {
      deliveries.settle(token, disposition);
      if (disposition.kind === 'complete') traffic.completed += 1;
      if (disposition.kind === 'abandon') traffic.abandoned += 1;
    },
    renew: deliveries.renew,
    loseLock: deliveries.loseLock,
    peek(fromSequenceNumber, count) {
      deadlines.sweep();
      return index.from(fromSequenceNumber, count);
    },
    counts() {
      deadlines.sweep();
      const deadLetter = deadLetters?.counts().total ?? 0;
      const { size, bytes } = index;
      return {
        active: size - intake.scheduled,
        scheduled: intake.scheduled,
        deadLetter,
        total: size + deadLetter,
        bytes,
      };
    },
    keep(message) {
      message.expiresAt = Number.POSITIVE_INFINITY;
      index.put(message);
      deliveries.offer(message);
    },
    onAvailable(listener) {
      notify = listener;
    },
    clear() {
      index.clear();
      deliveries.clear();
      intake.clear();
      deadLetters?.clear();
    },
    stop() {
      deadlines.stop();
      deadLetters?.stop();
    },
  };
}
