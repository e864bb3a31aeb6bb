import { type AnyValueMap, type Logger, logs, SeverityNumber } from '@opentelemetry/api-logs';
import type { Line } from './line.ts';
import type { Json } from './redact.ts';

let logger: Logger | undefined;

const { DEBUG, INFO, WARN, ERROR } = SeverityNumber;
const severityNumbers = { debug: DEBUG, info: INFO, warning: WARN, error: ERROR };

/** The exporter reads these names as its own: it would make another kind of row, or leave the value out. */
const claimed =
  /^(?:microsoft|(?:_MS|ai|client|db|enduser|error|exception|http|net|network|peer|rpc|server|url|user_agent)\.)/;

/**
 * Hands a line to the OpenTelemetry logs API, which adds the active trace: it becomes a row of AppTraces, or of
 * AppExceptions if it has an error. Returns false when no SDK takes it: telemetry failed to start, or has been shut down.
 */
export function emitLine({ time, severity, message, error, fields }: Line): boolean {
  // Not earlier: a logger taken before the SDK starts never begins to work.
  logger ??= logs.getLogger('structured-logs');
  const severityNumber = severityNumbers[severity];
  if (!logger.enabled({ severityNumber })) return false;
  const attributes: AnyValueMap = {};
  flatten(fields, '', attributes);
  if (error) {
    // A row of AppExceptions has no column for the message of the line.
    attributes.message = message;
    attributes['exception.type'] = error.type;
    attributes['exception.message'] = error.message;
    attributes['exception.stacktrace'] = error.stack;
    attributes['error.fingerprint'] = error.fingerprint;
  }
  logger.emit({ timestamp: time, severityNumber, severityText: severity, body: message, attributes });
  return true;
}

/** Properties of a row are flat: nested names are joined by dots, and lists become JSON text. */
function flatten(fields: Readonly<Record<string, Json>>, prefix: string, into: AnyValueMap): void {
  for (const [key, value] of Object.entries(fields)) {
    const name = prefix + key;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) flatten(value, `${name}.`, into);
    else into[claimed.test(name) ? `_${name}` : name] = Array.isArray(value) ? JSON.stringify(value) : value;
  }
}
