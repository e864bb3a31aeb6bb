import { type Attributes, type Context, context, SpanKind, trace } from '@opentelemetry/api';
import { countIn, idText, originalIdOf, property } from '../../../platform/message-properties.ts';
import type { Cause, Delivery, ReceiveMiddleware } from '../../../platform/messaging.ts';
import { createCorrelationId, readCorrelationId } from './correlation-id.ts';
import { readEnvelope } from './envelope.ts';
import { failSpan, noteSettlement } from './outcome.ts';
import { withStory } from './story.ts';

/** The context of each delivery until its settlement, for the copies that are made of it. */
export type DeliveryContexts = WeakMap<Cause, Context>;

/**
 * Makes one CONSUMER span around the handling and the settlement of a message, as a child of the span that sent it. The
 * active context is not used: it belongs to the code that opened the connection.
 */
export function createReceiveSpans(deliveries: DeliveryContexts): ReceiveMiddleware {
  return async function receiveInSpan(delivery, next) {
    const { message, source } = delivery;
    const parent = readEnvelope(message);
    const options = { kind: SpanKind.CONSUMER, attributes: describe(delivery) };
    const span = trace.getTracer('messages').startSpan(`process ${source.name}`, options, parent);

    const correlationId = readCorrelationId(message.correlationId) ?? createCorrelationId(span);
    span.setAttribute('correlationId', correlationId);
    const story = { correlationId, messageId: originalIdOf(message) };
    const active = withStory(trace.setSpan(parent, span), story);
    deliveries.set(delivery, active);
    try {
      const settlement = await context.with(active, next);
      noteSettlement(span, message, settlement);
      return settlement;
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span.end();
    }
  };
}

/**
 * OpenTelemetry's semantic conventions for messaging. The exporter names the row of a CONSUMER by `ai.operation.name`
 * only.
 */
function describe({ message, source }: Delivery): Attributes {
  const { name, queue, topic, subscription } = source;
  const { deliveryCount = 0, enqueuedTimeUtc, applicationProperties } = message;
  const attempt = countIn(applicationProperties, property.attempt);
  const copy = countIn(applicationProperties, property.copy);
  return {
    'ai.operation.name': `process ${name}`,
    'messaging.system': 'servicebus',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queue ?? topic ?? name,
    ...(subscription !== undefined && { 'messaging.destination.subscription.name': subscription }),
    'messaging.message.id': idText(message.messageId),
    'messaging.servicebus.message.delivery_count': deliveryCount,
    ...(enqueuedTimeUtc && {
      'messaging.servicebus.message.enqueued_time': Math.floor(enqueuedTimeUtc.getTime() / 1000),
    }),
    ...(attempt > 0 && { 'message.attempt': attempt }),
    ...(copy > 0 && { 'message.copy': copy }),
  };
}
