import { type Context, context, createContextKey } from '@opentelemetry/api';

/** The facts that all work for one request or message shares. */
export interface Story {
  correlationId: string;
  /** The original id of the message that is being handled. It is the cause of the messages that its handler sends. */
  messageId?: string;
}

const key = createContextKey('correlation');

/** A context whose work belongs to the story, also in later asynchronous calls and when the trace is not sampled. */
export const withStory = (parent: Context, story: Story): Context => parent.setValue(key, story);

/** Undefined outside of any request and message. */
export const currentStory = (active: Context = context.active()): Story | undefined =>
  active.getValue(key) as Story | undefined;
