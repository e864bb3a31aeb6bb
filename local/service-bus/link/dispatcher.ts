import type { ReceiveMode } from '../entity/deliveries.ts';
import type { QueuedMessage } from '../entity/message.ts';
import type { Queue } from '../entity/queue.ts';

/** A receiving client as the queue sees it. */
export interface Consumer {
  readonly mode: ReceiveMode;
  /** Whether it wants a message and its link can carry one now. */
  ready(): boolean;
  deliver(message: QueuedMessage): void;
}

export interface Dispatcher {
  /** How many clients receive. */
  readonly consumers: number;
  /** Adds a consumer and answers how to take it out again. */
  add(consumer: Consumer): () => void;
  /** Hands out what can be handed out. */
  pump(): void;
}

export interface DispatcherOptions {
  queue: Queue;
  /** Milliseconds that every message waits before it is handed out; 0 for none. */
  delayMs(): number;
}

/** Hands a queue's messages to its consumers, one each in turn. */
export function createDispatcher({ queue, delayMs }: DispatcherOptions): Dispatcher {
  let consumers: Consumer[] = [];
  let turn = 0;
  let pumping = false;
  let waiting: NodeJS.Timeout | undefined;

  /** One message for the next consumer that is ready; false when there is no message or nobody wants one. */
  const handOut = (): boolean => {
    for (let asked = 0; asked < consumers.length; asked += 1) {
      const consumer = consumers[turn % consumers.length];
      turn += 1;
      if (!consumer?.ready()) continue;
      const message = queue.take(consumer.mode);
      if (message) consumer.deliver(message);
      return message !== undefined;
    }
    return false;
  };

  /** Slow: at most one message a consumer, then wait again. */
  const handOutSlowly = (): void => {
    waiting = undefined;
    let rounds = consumers.length;
    while (rounds > 0 && handOut()) rounds -= 1;
    if (rounds < consumers.length) pump();
  };

  const pump = (): void => {
    const ms = delayMs();
    if (ms > 0) {
      if (!waiting) waiting = setTimeout(handOutSlowly, ms).unref();
      return;
    }
    if (pumping) return;
    pumping = true;
    try {
      while (handOut());
    } finally {
      pumping = false;
    }
  };

  queue.onAvailable(pump);
  return {
    get consumers() {
      return consumers.length;
    },
    add(consumer) {
      consumers.push(consumer);
      return () => {
        consumers = consumers.filter((each) => each !== consumer);
      };
    },
    pump,
  };
}
