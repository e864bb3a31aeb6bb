import { type Context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { ownPrefix, property } from '../../../platform/message-properties.ts';
import type { Outgoing, ReceivedMessage } from '../../../platform/messaging.ts';

/** The Azure SDKs of all languages write and read `Diagnostic-Id`. */
export const traceNames = ['traceparent', 'Diagnostic-Id'];
/** The id of the message whose handler sent this one. */
const causation = `${ownPrefix}causation-id`;

/**
 * The application properties of a message with the trace and ours, so that its receiver continues the story. A copy gets
 * the trace of its own send; its attempt and the time when the first message was enqueued stay. `sender` has the span of
 * the send, of which the receiver's span becomes a child.
 */
export function stampEnvelope(
  { message, cause }: Outgoing,
  sender: Context,
  causationId: string | undefined,
  now: Date,
) {
  const carrier: { traceparent?: string } = {};
  propagation.inject(sender, carrier);
  const { traceparent } = carrier;
  return {
    [property.attempt]: 1,
    [property.copy]: 1,
    [property.firstEnqueuedAt]: (cause?.message.enqueuedTimeUtc ?? now).toISOString(),
    ...message.applicationProperties,
    ...(traceparent !== undefined && Object.fromEntries(traceNames.map((name) => [name, traceparent]))),
    ...(causationId !== undefined && { [causation]: causationId }),
  };
}

/** The context in which the story of a message continues: only the span of its send; empty without an envelope. */
export function readEnvelope({ applicationProperties = {} }: ReceivedMessage): Context {
  for (const name of traceNames) {
    const parent = propagation.extract(ROOT_CONTEXT, { traceparent: applicationProperties[name] });
    if (trace.getSpanContext(parent)) return parent;
  }
  return ROOT_CONTEXT;
}
