import { type Context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { ownPrefix, property } from '../../../platform/message-properties.ts';
import type { Outgoing, ReceivedMessage } from '../../../platform/messaging.ts';
import type { Story } from './story.ts';

/** The Azure SDKs of all languages write and read `Diagnostic-Id`. */
export const traceNames = ['traceparent', 'Diagnostic-Id'];
/** The id of the message whose handler sent this one. */
const causationProperty = `${ownPrefix}causation-id`;

interface Stamp {
  /** The context with the span of the send. The receiver's span becomes its child. */
  sender: Context;
  story: Story;
  causationId: string | undefined;
  now: Date;
}

/**
 * Writes the trace, the correlation id and our properties onto a message, so that its receiver continues the story. A
 * copy gets the trace of its own send; its attempt and the time when the first message was enqueued stay.
 */
export function stampEnvelope(outgoing: Outgoing, { sender, story, causationId, now }: Stamp): void {
  const { message, cause } = outgoing;
  const { applicationProperties = {} } = message;
  const carrier: { traceparent?: string } = {};
  propagation.inject(sender, carrier);
  const { traceparent } = carrier;
  const firstEnqueuedAt = (cause?.message.enqueuedTimeUtc ?? now).toISOString();

  outgoing.message = {
    ...message,
    correlationId: message.correlationId ?? story.correlationId,
    applicationProperties: {
      [property.attempt]: 1,
      [property.copy]: 1,
      [property.firstEnqueuedAt]: firstEnqueuedAt,
      ...applicationProperties,
      ...(traceparent !== undefined && Object.fromEntries(traceNames.map((name) => [name, traceparent]))),
      ...(causationId !== undefined && { [causationProperty]: causationId }),
    },
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
