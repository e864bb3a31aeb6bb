/** What a sender gave, read once. The engine looks at the facts only; `sections` are bytes it hands on untouched. */
export interface MessageContent {
  readonly messageId: string;
  readonly sessionId: string | undefined;
  /** Milliseconds, from the sender; the entity's own limit applies beside it. */
  readonly timeToLiveMs: number | undefined;
  /** Milliseconds since 1970; a time that has passed means now. */
  readonly scheduledFor: number | undefined;
  /** Bytes of the encoded message. */
  readonly size: number;
  readonly sections: MessageSections;
}

/** The sender's encoded message, cut where a broker may write something of its own. */
export interface MessageSections {
  readonly header: Buffer | undefined;
  readonly annotations: Buffer | undefined;
  readonly properties: Buffer;
  readonly applicationProperties: Buffer | undefined;
  /** Body sections and footer. */
  readonly body: Buffer;
}

/** A message in a queue, a subscription or a dead-letter queue. */
export interface QueuedMessage {
  readonly content: MessageContent;
  sequenceNumber: number;
  /** The number it got first: at scheduling, or in the topic it came through. */
  enqueuedSequenceNumber: number;
  enqueuedAt: number;
  /** Milliseconds since 1970, or infinity. */
  expiresAt: number;
  /** Failed deliveries so far. */
  deliveryCount: number;
  /** Due time while it waits, `undefined` once it is active. */
  dueAt: number | undefined;
  /** Azure goes on showing the state `scheduled` on a message that was. */
  wasScheduled: boolean;
  lock: { readonly token: string; until: number } | undefined;
  /** Application properties that a settlement set. */
  changedProperties: Readonly<Record<string, unknown>>;
  /** Path of the queue that dead-lettered it. */
  deadLetterSource: string | undefined;
}
