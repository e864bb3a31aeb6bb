import type { ServiceBusMessage, ServiceBusReceivedMessage } from '@azure/service-bus';

export type ReceivedMessage = ServiceBusReceivedMessage;
export type { ServiceBusMessage };

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

/** What becomes of a delivery. A middleware decides by what it returns; only the platform carries it out. */
export type Settlement =
  | { kind: 'complete' }
  | { kind: 'abandon'; properties?: Properties }
  | { kind: 'later'; at: Date; attempt: number; properties?: Properties }
  | { kind: 'dead-letter'; reason: string; description: string; properties?: Properties };

/** A message in our hands, from receive to settlement. `signal` aborts when the handler must stop. */
export interface Delivery {
  message: ReceivedMessage;
  source: MessageSource;
  signal: AbortSignal;
  consumer: { pause(why: string): void; probe(): void; resume(): void };
}

/** A message on its way out: first sends, scheduled copies and replays. `cause` is what it copies. */
export interface Outgoing {
  entity: string;
  message: ServiceBusMessage;
  cause?: Cause;
}

/** A delivery in our hands, or a dead letter. */
export type Cause = Pick<Delivery, 'message' | 'source'>;

export type SendMiddleware = (outgoing: Outgoing, next: () => Promise<void>) => Promise<void>;
export type CallMiddleware = <T>(dependency: string, next: () => Promise<T>) => Promise<T>;
/** `next` may run again: the handler anew. The innermost one answers `complete` or throws what the handler threw. */
export type ReceiveMiddleware = (delivery: Delivery, next: () => Promise<Settlement>) => Promise<Settlement>;

/** Puts one message into a queue or topic; resolves when the broker has accepted it. Throws `QueueUnavailable`. */
export type Send = (entity: string, message: ServiceBusMessage) => Promise<void>;

/** The messaging side of a running service, for modules that watch it. */
export interface Messaging {
  sources: readonly MessageSource[];
  /** Aborts as soon as receiving ends: from then on a silent consumer is no fault, and nothing is opened anew. */
  stopping: AbortSignal;
  send: Send;
  peek(source: MessageSource, maxMessages: number): Promise<readonly ReceivedMessage[]>;
  /** Closes and opens the source's receivers anew; does nothing once `stopping` has aborted. */
  recycle(source: MessageSource): Promise<void>;
}
