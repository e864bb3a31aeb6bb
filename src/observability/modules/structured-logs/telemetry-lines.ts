import { type AnyValueMap, SeverityNumber } from '@opentelemetry/api-logs';
import type { Line } from './line.ts';
import type { Json } from './redact.ts';
import { createTelemetryLogger } from './telemetry-logger.ts';

const takeLogger = createTelemetryLogger('structured-logs');

const severityNumbers = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warning: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

/**
 * Hands a line to the OpenTelemetry logs API, which adds the active trace: it becomes a row of AppTraces, with an error
 * one of AppExceptions. False when nobody takes it: telemetry failed to start, or has been shut down.
 */
export function emitLine({ time, severity, message, error, fields }: Line): boolean {
  const logger = takeLogger();
  const severityNumber = severityNumbers[severity];
  if (!logger.enabled({ severityNumber })) return false;
  const attributes: AnyValueMap = {};
  flatten(fields, '', attributes);
  if (error) {
    // The row of an exception has no place for the message of the line.
    attributes.message = message;
    attributes['exception.type'] = error.type;
    attributes['exception.message'] = error.message;
    attributes['exception.stacktrace'] = error.stack;
    attributes['error.fingerprint'] = error.fingerprint;
  }
  logger.emit({ timestamp: time, severityNumber, severityText: severity, body: message, attributes });
  return true;
}

/** Names that the exporter reads as something else: it would turn the row into another, or leave the value out. */
const claimed =
  /^(?:microsoft|(?:_MS|ai|client|db|enduser|error|exception|http|net|network|peer|rpc|server|url|user_agent)\.)/;

/** Properties of a row are flat text: nested names are joined by dots, lists become JSON. */
function flatten(fields: Readonly<Record<string, Json>>, prefix: string, into: AnyValueMap): void {
  for (const [key, value] of Object.entries(fields)) {
    const name = prefix + key;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) flatten(value, `${name}.`, into);
    else into[claimed.test(name) ? `_${name}` : name] = Array.isArray(value) ? JSON.stringify(value) : value;
  }
}
