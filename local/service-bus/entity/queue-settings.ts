/** What the engine needs to know of a queue, a topic or a subscription. Times in milliseconds, infinity allowed. */
export interface QueueSettings {
  readonly lockDurationMs: number;
  readonly maxDeliveryCount: number;
  readonly timeToLiveMs: number;
  readonly deadLetterOnExpiration: boolean;
  /** 0 switches duplicate detection off. */
  readonly duplicateWindowMs: number;
  readonly requiresSession: boolean;
  readonly maxMessageBytes: number;
}
