import { trace } from '@opentelemetry/api';
import type { LogRecord, Severity } from '../../../platform/log.ts';
import { describeError, type ErrorFields } from './error-fields.ts';
import { reservedNames } from './log-fields.ts';
import { type Json, redactFields } from './redact.ts';
import { redactText } from './redact-text.ts';

/** A record made safe to leave the process: redacted, bounded, with the trace that it was logged in. */
export interface Line {
  time: Date;
  severity: Severity;
  message: string;
  traceId?: string;
  spanId?: string;
  error?: ErrorFields;
  fields: Record<string, Json>;
}

export function createLine({ time, severity, message, error, fields }: LogRecord): Line {
  const span = trace.getActiveSpan()?.spanContext();
  return {
    time,
    severity,
    message: redactText(message),
    ...(span && { traceId: span.traceId, spanId: span.spanId }),
    ...(error !== undefined && { error: describeError(error) }),
    fields: withoutReserved(redactFields(fields)),
  };
}

function withoutReserved(fields: Record<string, Json>): Record<string, Json> {
  for (const name of reservedNames) {
    const value = fields[name];
    if (value === undefined) continue;
    delete fields[name];
    fields[`_${name}`] = value;
  }
  return fields;
}
