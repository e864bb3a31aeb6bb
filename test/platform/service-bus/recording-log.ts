import { type Logger, type Severity, severities } from '../../../src/platform/log.ts';

interface Line {
  severity: Severity;
  message: string;
  fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps what it is told, for a test to look at. */
export function recordingLog() {
  const lines: Line[] = [];
  const writers = severities.map((severity) => [
    severity,
    (message: string, fields: Line['fields'] = {}) => lines.push({ severity, message, fields }),
  ]);
  const log: Logger = Object.fromEntries(writers);
  return { log, lines, messages: () => lines.map(({ message }) => message) };
}
