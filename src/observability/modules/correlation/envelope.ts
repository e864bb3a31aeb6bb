import { type Context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { property } from '../../../platform/message-properties.ts';
import type { Outgoing, ReceivedMessage } from '../../../platform/messaging.ts';
import type { Story } from './story.ts';

/** `Diagnostic-Id` is what the Azure SDKs of all languages write and read. */
export const traceNames = ['traceparent', 'Diagnostic-Id'];

interface Stamp {
  /** With the sender's own span: the receiver's becomes its child. */
  sender: Context;
  story: Story;
  causationId: string | undefined;
  now: Date;
}

/**
 * Writes onto a message what its receiver needs to go on with the story. Where the trace was on the message that it
 * copies, it is replaced; when and how often it was tried before stays.
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
      ...(causationId !== undefined && { [property.causationId]: causationId }),
    },
  };
}

/** Where the message's story goes on: its sender's span, in an otherwise empty context; empty without an envelope. */
export function readEnvelope({ applicationProperties = {} }: ReceivedMessage): Context {
  for (const name of traceNames) {
    const parent = propagation.extract(ROOT_CONTEXT, { traceparent: applicationProperties[name] });
    if (trace.getSpanContext(parent)) return parent;
  }
  return ROOT_CONTEXT;
}
