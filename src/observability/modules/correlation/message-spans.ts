import { type Attributes, type Context, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Clock } from '../../../platform/clock.ts';
import { attemptOf, countIn, idText, originalIdOf, property, timeIn } from '../../../platform/message-properties.ts';
import type { Delivery, Outgoing, ReceiveMiddleware, SendMiddleware, Settlement } from '../../../platform/messaging.ts';
import { readEnvelope, stampEnvelope } from './envelope.ts';
import { createCorrelationId, currentStory, readCorrelationId, type Story, withStory } from './story.ts';

/** The middlewares that make the spans of messages. */
export function createMessageSpans(clock: Clock): { around: ReceiveMiddleware; send: SendMiddleware } {
  /** The context of each delivery until its settlement, for the copies that are made of it. */
  const deliveries = new WeakMap<NonNullable<Outgoing['cause']>, Context>();

  return {
    /**
     * Makes one CONSUMER span around the handling and the settlement of a message, as a child of the span that sent it.
     * The active context is not used: it belongs to the code that opened the connection.
     */
    async around(delivery, next) {
      const { message, source } = delivery;
      const parent = readEnvelope(message);
      const options = { kind: SpanKind.CONSUMER, attributes: describeDelivery(delivery) };
      const span = trace.getTracer('messages').startSpan(`process ${source.name}`, options, parent);
      const correlationId = readCorrelationId(message.correlationId) ?? createCorrelationId(span);
      const story = { correlationId, messageId: originalIdOf(message) };
      const active = withStory(trace.setSpan(parent, span), story);
      deliveries.set(delivery, active);
      return runInSpan(span, active, story, async () => {
        const settlement = await next();
        noteSettlement(span, message, settlement);
        return settlement;
      });
    },

    /**
     * Makes one PRODUCER span for each message and writes the envelope. The span of a copy is a child of the delivery
     * that it copies. The span of a replay is a child of the span that sent the dead letter, and is linked to the
     * operator's command.
     */
    async send(outgoing, next) {
      const { cause, entity, message } = outgoing;
      const known = cause && deliveries.get(cause);
      const parent = known ?? (cause ? readEnvelope(cause.message) : context.active());
      const operator = cause && !known ? trace.getSpanContext(context.active()) : undefined;
      const links = operator ? [{ context: operator }] : [];
      const options = { kind: SpanKind.PRODUCER, attributes: describeSend(outgoing), links };
      const span = trace.getTracer('messages').startSpan(`send ${entity}`, options, parent);
      const story = storyOf(outgoing, currentStory(parent), span);
      const { correlationId, messageId = trace.getSpanContext(parent)?.spanId } = story;
      const causationId = cause ? originalIdOf(cause.message) : messageId;
      const sender = trace.setSpan(parent, span);
      const applicationProperties = stampEnvelope(outgoing, sender, causationId, clock.now());
      outgoing.message = { ...message, correlationId: message.correlationId ?? correlationId, applicationProperties };
      await runInSpan(span, sender, story, next);
    },
  };
}

/** Ends the span after `run`. The message of an error, redacted, is in the log line of the failure. */
async function runInSpan<T>(span: Span, active: Context, story: Story, run: () => Promise<T>): Promise<T> {
  span.setAttribute('correlationId', story.correlationId);
  try {
    return await context.with(active, run);
  } catch (error) {
    span.setAttribute('error.type', error instanceof Error ? error.name : '_OTHER');
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** A correlation id that the business has set itself stays, such as for request and reply. */
function storyOf({ message, cause }: Outgoing, story: Story | undefined, span: Span): Story {
  const given = readCorrelationId(message.correlationId ?? cause?.message.correlationId);
  return { ...story, correlationId: given ?? story?.correlationId ?? createCorrelationId(span) };
}

/** The disposition that the broker gets. For `later` it is a completion, because the copy has been sent. */
const dispositions: Record<Settlement['kind'], string> = {
  complete: 'complete',
  later: 'complete',
  abandon: 'abandon',
  'dead-letter': 'dead_letter',
};

/** Writes to the span how a delivery ended. A failed attempt gets the status ERROR, so that it can be counted. */
function noteSettlement(span: Span, message: Delivery['message'], settlement: Settlement): void {
  const { kind } = settlement;
  span.setAttribute('messaging.servicebus.disposition_status', dispositions[kind]);
  span.setAttribute('message.settlement', kind);
  if (kind === 'complete') return;
  if (kind === 'later') {
    const { scheduledEnqueueTimeUtc: at, applicationProperties } = settlement.copy;
    if (at) span.setAttribute('message.attempt.next_at', at.toISOString());
    // The message was put aside, or handed over to its copy: no attempt failed.
    if (countIn(applicationProperties, property.attempt) <= attemptOf(message)) return;
  }
  if (kind === 'dead-letter') span.setAttribute('error.type', settlement.reason);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** The attributes of a span that sends or handles a message, by OpenTelemetry's semantic conventions for messaging. */
const describe = (operation: 'send' | 'process', destination: string, id: Outgoing['message']['messageId']) => ({
  'messaging.system': 'servicebus',
  'messaging.operation.name': operation,
  'messaging.operation.type': operation,
  'messaging.destination.name': destination,
  'messaging.message.id': idText(id),
});

const describeSend = ({ entity, message: { body, messageId } }: Outgoing): Attributes => ({
  ...describe('send', entity, messageId),
  ...(Buffer.isBuffer(body) && { 'messaging.message.body.size': body.length }),
});

/** The exporter names the row of a CONSUMER by `ai.operation.name` only. */
function describeDelivery({ message, source }: Delivery): Attributes {
  const { name, queue, topic, subscription } = source;
  const { messageId, deliveryCount = 0, enqueuedTimeUtc, applicationProperties } = message;
  const attempt = countIn(applicationProperties, property.attempt);
  const copy = countIn(applicationProperties, property.copy);
  const firstEnqueuedAt = copy > 1 ? timeIn(applicationProperties, property.firstEnqueuedAt) : undefined;
  return {
    ...describe('process', queue ?? topic ?? name, messageId),
    'ai.operation.name': `process ${name}`,
    ...(subscription !== undefined && { 'messaging.destination.subscription.name': subscription }),
    'messaging.servicebus.message.delivery_count': deliveryCount,
    ...(enqueuedTimeUtc && { 'messaging.servicebus.message.enqueued_time': secondsOf(enqueuedTimeUtc) }),
    ...(firstEnqueuedAt && { 'message.first_enqueued_time': secondsOf(firstEnqueuedAt) }),
    ...(attempt > 0 && { 'message.attempt': attempt }),
    ...(copy > 0 && { 'message.copy': copy }),
  };
}

const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1000);
