import { type Attributes, context, type Link, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { Clock } from '../../../platform/clock.ts';
import { idText, originalIdOf } from '../../../platform/message-properties.ts';
import type { Outgoing, SendMiddleware } from '../../../platform/messaging.ts';
import { createCorrelationId, readCorrelationId } from './correlation-id.ts';
import { readEnvelope, stampEnvelope } from './envelope.ts';
import { failSpan } from './outcome.ts';
import type { DeliveryContexts } from './receive-messages.ts';
import { currentStory, type Story } from './story.ts';

/**
 * Makes one PRODUCER span for each message and writes the envelope. The span of a copy is a child of the delivery that
 * it copies. The span of a replay is a child of the span that sent the dead letter, and is linked to the operator's
 * command.
 */
export function createSendSpans(deliveries: DeliveryContexts, clock: Clock): SendMiddleware {
  return async function sendInSpan(outgoing, next) {
    const { cause, entity } = outgoing;
    const known = cause && deliveries.get(cause);
    const parent = known ?? (cause ? readEnvelope(cause.message) : context.active());
    const operator = cause && !known ? trace.getSpanContext(context.active()) : undefined;
    const links: Link[] = operator ? [{ context: operator }] : [];
    const options = { kind: SpanKind.PRODUCER, attributes: describe(outgoing), links };
    const span = trace.getTracer('messages').startSpan(`send ${entity}`, options, parent);

    const story = storyOf(outgoing, currentStory(parent), span);
    span.setAttribute('correlationId', story.correlationId);
    const causationId = cause ? originalIdOf(cause.message) : (story.messageId ?? trace.getSpanContext(parent)?.spanId);
    const sender = trace.setSpan(parent, span);
    stampEnvelope(outgoing, { sender, story, causationId, now: clock.now() });
    try {
      await context.with(sender, next);
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span.end();
    }
  };
}

/** A correlation id that the business has set itself stays, such as for request and reply. */
function storyOf({ message, cause }: Outgoing, story: Story | undefined, span: Span): Story {
  const given = readCorrelationId(message.correlationId ?? cause?.message.correlationId);
  if (story) return { ...story, correlationId: given ?? story.correlationId };
  return { correlationId: given ?? createCorrelationId(span) };
}

/** OpenTelemetry's semantic conventions for messaging. */
function describe({ entity, message }: Outgoing): Attributes {
  return {
    'messaging.system': 'servicebus',
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.destination.name': entity,
    'messaging.message.id': idText(message.messageId),
    ...(Buffer.isBuffer(message.body) && { 'messaging.message.body.size': message.body.length }),
  };
}
