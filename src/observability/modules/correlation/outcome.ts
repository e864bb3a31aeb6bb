import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { attemptOf, countIn, property } from '../../../platform/message-properties.ts';
import type { ReceivedMessage, Settlement } from '../../../platform/messaging.ts';

/** The disposition that the broker gets. For `later` it is a completion, because the copy has been sent. */
const dispositions: Record<Settlement['kind'], string> = {
  complete: 'complete',
  later: 'complete',
  abandon: 'abandon',
  'dead-letter': 'dead_letter',
};

/** Writes to the span how a delivery ended. A failed attempt gets the status ERROR, so that it can be counted. */
export function noteSettlement(span: Span, message: ReceivedMessage, settlement: Settlement): void {
  const { kind } = settlement;
  span.setAttribute('messaging.servicebus.disposition_status', dispositions[kind]);
  span.setAttribute('message.settlement', kind);
  if (kind === 'complete') return;
  if (kind === 'later') {
    const { scheduledEnqueueTimeUtc: at, applicationProperties: properties } = settlement.copy;
    if (at) span.setAttribute('message.attempt.next_at', at.toISOString());
    // The message was put aside, or handed over to its copy: no attempt failed.
    if (countIn(properties, property.attempt) <= attemptOf(message)) return;
  }
  if (kind === 'dead-letter') span.setAttribute('error.type', settlement.reason);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Writes the class of the error to the span. Its message, redacted, is in the log line of the failure. */
export function failSpan(span: Span, error: unknown): void {
  span.setAttribute('error.type', error instanceof Error ? error.name : '_OTHER');
  span.setStatus({ code: SpanStatusCode.ERROR });
}
