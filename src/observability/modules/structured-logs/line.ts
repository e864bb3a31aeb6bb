import { trace } from '@opentelemetry/api';
import type { LogRecord } from '../../../platform/log.ts';
import type { ModuleContext } from '../../module.ts';
import { describeError, type ErrorFields } from './error-fields.ts';
import { type Json, redactFields } from './redact.ts';
import { redactText } from './redact-text.ts';

/** The names of the log contract. A field of the caller that has one of them gets an underscore in front. */
const reservedNames = new Set(['time', 'severity', 'message', 'service', 'version', 'traceId', 'spanId', 'error']);

/** A log record that may leave the process: redacted, bounded, with the ids of the active span. */
export interface Line extends Pick<LogRecord, 'time' | 'severity' | 'message'> {
  traceId?: string;
  spanId?: string;
  error?: ErrorFields;
  fields: Record<string, Json>;
}

/** Redacts a record. */
export function createLine({ time, severity, message, error, fields }: LogRecord): Line {
  const span = trace.getActiveSpan()?.spanContext();
  const named = Object.entries(redactFields(fields)).map(
    ([name, value]) => [reservedNames.has(name) ? `_${name}` : name, value] as const,
  );
  return {
    time,
    severity,
    message: redactText(message),
    ...(span && { traceId: span.traceId, spanId: span.spanId }),
    ...(error !== undefined && { error: describeError(error) }),
    fields: Object.fromEntries(named),
  };
}

/** The line as one line of JSON; `fields` stand beside the names of the log contract. */
export function formatLine({ fields, ...line }: Line, { name, version }: ModuleContext['service']): string {
  return `${JSON.stringify({ ...line, service: name, version, ...fields })}\n`;
}
