import { randomBytes } from 'node:crypto';
import { type Context, context, createContextKey, type Span, trace } from '@opentelemetry/api';

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

/**
 * Allows UUIDs, ULIDs, trace ids and names such as `order:4711`, but no special characters of logs, shells or queries.
 */
const valid = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const noTrace = /^0*$/;

/** The id that a caller or sender gave; undefined when it is absent or not safe in headers, logs and rows. */
export function readCorrelationId(given: unknown): string | undefined {
  const text = typeof given === 'number' ? String(given) : given;
  return typeof text === 'string' && valid.test(text) ? text : undefined;
}

/**
 * The trace id of the span, so that a caller can look up the trace by the id in its answer; without a trace a random
 * id.
 */
export function createCorrelationId(span: Span | undefined = trace.getActiveSpan()): string {
  const traceId = span?.spanContext().traceId ?? '';
  return noTrace.test(traceId) ? randomBytes(16).toString('hex') : traceId;
}
