import type { Clock } from '../platform/clock.ts';
import { type Logger, type LogRecord, type LogSink, type Severity, severities } from '../platform/log.ts';

export type BoundLater = ReturnType<typeof createLogger>;

/** Takes records that no module takes. Writes only message and type of the error: the rest has not been redacted. */
export const lastResort: LogSink = ({ time, severity, message, error }) => {
  const type = error instanceof Error ? error.name : undefined;
  process.stderr.write(`${JSON.stringify({ time, severity, message, ...(type && { error: { type } }) })}\n`);
};

/**
 * Creates a logger that holds its records until `bind` gives it sinks, so that a module can log during its own set-up.
 * When a sink throws, the other sinks still get the record, and the caller of the logger sees nothing of it.
 */
export function createLogger({ minimum, clock }: { minimum: Severity; clock: Clock }) {
  const held: LogRecord[] = [];
  let deliver = (record: LogRecord): unknown => held.push(record);

  const writer = (severity: Severity): Logger[Severity] => {
    if (severities.indexOf(severity) < severities.indexOf(minimum)) return () => {};
    return (message, { error, ...fields } = {}) =>
      deliver({ time: clock.now(), severity, message, fields, ...(error !== undefined && { error }) });
  };

  return {
    log: { debug: writer('debug'), info: writer('info'), warning: writer('warning'), error: writer('error') },
    /** Delivers the held records and every later one to the sinks, with the fields of the modules added. */
    bind(sinks: readonly LogSink[], fields: readonly (() => Record<string, unknown>)[]): void {
      const targets = sinks.length > 0 ? sinks : [lastResort];
      deliver = (record) => {
        const complete = { ...record, fields: Object.assign({}, ...fields.map((read) => read()), record.fields) };
        for (const sink of targets) {
          try {
            sink(complete);
          } catch {
            lastResort(record);
          }
        }
      };
      for (const record of held.splice(0)) deliver(record);
    },
  };
}
