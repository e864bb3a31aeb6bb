import { randomBytes } from 'node:crypto';
import { type Span, trace } from '@opentelemetry/api';

/** Holds UUIDs, ULIDs, trace ids and names such as `order:4711`; nothing that means something to a log, a shell or a query. */
const valid = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const noTrace = /^0*$/;

/** The id that somebody sent, or undefined when it is absent or unfit to be repeated in headers, logs and rows. */
export function readCorrelationId(given: unknown): string | undefined {
  const text = typeof given === 'number' ? String(given) : given;
  return typeof text === 'string' && valid.test(text) ? text : undefined;
}

/** The trace id of the span, so that a caller can look up what he was given; any other when there is no trace. */
export function createCorrelationId(span: Span | undefined = trace.getActiveSpan()): string {
  const traceId = span?.spanContext().traceId ?? '';
  return noTrace.test(traceId) ? randomBytes(16).toString('hex') : traceId;
}
