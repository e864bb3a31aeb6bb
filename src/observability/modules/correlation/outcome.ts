import { type Span, SpanStatusCode } from '@opentelemetry/api';
import type { ReceivedMessage, Settlement } from '../../../platform/messaging.ts';
import { attemptOf } from '../../../platform/service-bus/handling.ts';

/** What the broker is told; a copy for later is a completion to it. */
const dispositions: Record<Settlement['kind'], string> = {
  complete: 'complete',
  later: 'complete',
  abandon: 'abandon',
  'dead-letter': 'dead_letter',
};

/** How a delivery ended. One that did not bring the work to its end failed, so that failed attempts can be counted. */
export function noteSettlement(span: Span, message: ReceivedMessage, settlement: Settlement): void {
  const { kind } = settlement;
  span.setAttribute('messaging.servicebus.disposition_status', dispositions[kind]);
  span.setAttribute('message.settlement', kind);
  if (kind === 'complete') return;
  if (kind === 'later') {
    span.setAttribute('message.attempt.next_at', settlement.at.toISOString());
    // Put aside without a try of its own: nothing is known against it.
    if (settlement.attempt <= attemptOf(message)) return;
  }
  if (kind === 'dead-letter') span.setAttribute('error.type', settlement.reason);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** The error's class; its message is in the log line of whoever handles it, redacted. */
export function failSpan(span: Span, error: unknown): void {
  span.setAttribute('error.type', error instanceof Error ? error.name : '_OTHER');
  span.setStatus({ code: SpanStatusCode.ERROR });
}
