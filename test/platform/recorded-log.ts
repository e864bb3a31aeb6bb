import type { Logger, Severity } from '../../src/platform/log.ts';

export interface LoggedLine {
  severity: Severity;
  message: string;
  fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps what it is given. */
export function recordedLog(): Logger & { lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const write =
    (severity: Severity): Logger['info'] =>
    (message, fields = {}) => {
      lines.push({ severity, message, fields });
    };
  return { lines, debug: write('debug'), info: write('info'), warning: write('warning'), error: write('error') };
}
