import type { Clock } from './broker-clock.ts';
import type { QueuedMessage } from './message.ts';
import { createQueue, type Queue } from './queue.ts';
import type { QueueSettings } from './queue-settings.ts';

/** A topic: an inbox that numbers, times and drops duplicates, and a queue for each subscription. */
export interface Topic {
  readonly path: string;
  /** Takes what is sent; nobody receives from it. */
  readonly inbox: Queue;
  /** By lower-case name. */
  readonly subscriptions: Map<string, Queue>;
}

export interface TopicOptions {
  path: string;
  settings: QueueSettings;
  clock: Clock;
}

/**
 * Creates a topic without subscriptions. Every subscription gets a copy of every message: the default true filter is
 * the only one. A message's life ends at the shortest of its own time to live, the topic's and the subscription's.
 */
export function createTopic({ path, settings, clock }: TopicOptions): Topic {
  const subscriptions = new Map<string, Queue>();
  const forward = (message: QueuedMessage): void => {
    const timeToLiveMs = message.expiresAt - message.enqueuedAt;
    const content = { ...message.content, timeToLiveMs };
    for (const subscription of subscriptions.values()) subscription.acceptForwarded({ ...message, content });
  };
  return { path, inbox: createQueue({ path, settings, clock, forward }), subscriptions };
}
