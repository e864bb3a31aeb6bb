import type { ServiceBusReceivedMessage as ReceivedMessage, ServiceBusMessage } from '@azure/service-bus';

export type { ReceivedMessage, ServiceBusMessage };

/** Application properties that a settlement or a copy adds to a message. */
export type Properties = Record<string, string | number | boolean>;

/** Where messages come from: a queue (`files`) or a topic's subscription (`orders/audit`). */
export interface MessageSource {
  name: string;
  queue?: string;
  topic?: string;
  subscription?: string;
  lockDurationMs: number;
  maxDeliveryCount: number;
}

/**
 * The queue for copies of the messages of a source. For a queue it is the queue itself. A subscription has a separate
 * queue, because its topic would give a copy to every subscription.
 */
export const copyQueueOf = ({ queue, topic, subscription }: MessageSource) => queue ?? `${topic}.${subscription}.retry`;

/**
 * How a delivery ends. Middlewares return it, and only the platform carries it out. `later` sends the copy, which says
 * when it is due, then completes the message.
 */
export type Settlement =
  | { kind: 'complete' }
  | { kind: 'abandon'; properties?: Properties }
  | { kind: 'later'; copy: ServiceBusMessage }
  | { kind: 'dead-letter'; reason: string; description: string; properties?: Properties };

/** A received message until its settlement. `signal` aborts when the handler must stop. */
export interface Delivery {
  message: ReceivedMessage;
  source: MessageSource;
  /** The key of its handler: for a copy of a subscription's message too, `topic/subscription`. */
  handles: string;
  signal: AbortSignal;
  consumer: { pause(why: string): void; probe(): void; resume(): void };
}

/** A message to send: a new message, a copy or a replay. `cause` is the message that it copies. */
export interface Outgoing {
  entity: string;
  message: ServiceBusMessage;
  cause?: Cause;
  /** Ends the tries of the platform before its own deadline. */
  signal?: AbortSignal;
}

/** The message that a copy is made of: a delivery, or a dead letter. */
export type Cause = Pick<Delivery, 'message' | 'source'>;

export type SendMiddleware = (outgoing: Outgoing, next: () => Promise<void>) => Promise<void>;
export type CallMiddleware = <T>(dependency: string, next: () => Promise<T>) => Promise<T>;
/**
 * `next` runs the handler and may be called again. The innermost `next` returns `complete` or throws the handler's
 * error.
 */
export type ReceiveMiddleware = (delivery: Delivery, next: () => Promise<Settlement>) => Promise<Settlement>;

/** Sends one message to a queue or topic. Resolves when the broker has accepted it. Throws `QueueUnavailable`. */
export type Send = (entity: string, message: ServiceBusMessage) => Promise<void>;

/** The messages of a source, or its dead letters, beginning with the sequence number `from`. */
export interface Page {
  from?: bigint;
  subQueueType?: 'deadLetter';
}

/** The messaging side of a running service, for modules that watch it. */
export interface Messaging {
  sources: readonly MessageSource[];
  /** Aborts when the service stops receiving. After that a consumer without messages is no fault. */
  stopping: AbortSignal;
  send: Send;
  /** Sends a message with properties of ours, to any queue: a copy, or a canary. Throws as `send` does. */
  sendCopy(outgoing: Outgoing): Promise<void>;
  /** Whether nothing is received from the source for now, because no dependency of its messages answers. */
  isPaused(source: MessageSource): boolean;
  /** In the order of the sequence numbers, also messages that cannot be received now. */
  peek(source: MessageSource, maxMessages: number, page?: Page): Promise<readonly ReceivedMessage[]>;
  /** Replaces the source's connection and links. Does nothing once `stopping` has aborted. */
  recycle(source: MessageSource): Promise<void>;
}
