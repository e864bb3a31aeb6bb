import { type Context, context, createContextKey } from '@opentelemetry/api';

/** What everything that is done for one request or message has in common. */
export interface Story {
  correlationId: string;
  /** The message in hand: it is the cause of what is sent meanwhile. */
  messageId?: string;
}

const key = createContextKey('correlation');

/** The context in which all that runs belongs to the story, however far away and whatever the sampler decided. */
export const withStory = (parent: Context, story: Story): Context => parent.setValue(key, story);

/** Undefined outside of any request and message. */
export const currentStory = (active: Context = context.active()): Story | undefined =>
  active.getValue(key) as Story | undefined;
