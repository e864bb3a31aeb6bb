/** Severities in rising order, as log lines name them. */
export const severities = ['debug', 'info', 'warning', 'error'] as const;
export type Severity = (typeof severities)[number];

/** What a sink receives: not yet redacted, not yet a string. `error` is what the caller put under the field `error`. */
export interface LogRecord {
  time: Date;
  severity: Severity;
  message: string;
  error?: unknown;
  fields: Readonly<Record<string, unknown>>;
}

export type LogSink = (record: LogRecord) => void;

/** The only way to log. The message is constant text; values go into fields; an error goes into the field `error`. */
export type Logger = Record<Severity, (message: string, fields?: Readonly<Record<string, unknown>>) => void>;
