import type { Clock } from '../platform/clock.ts';
import { type Logger, type LogRecord, type LogSink, type Severity, severities } from '../platform/log.ts';

const heldAtMost = 200;

export interface BoundLater {
  log: Logger;
  /** Hands over what was held and lets every later record through. */
  bind(sinks: readonly LogSink[], fields: readonly (() => Record<string, unknown>)[]): void;
}

/** Where lines go when no module takes them: message and kind of error alone, because nothing has redacted the rest. */
export const lastResort: LogSink = ({ time, severity, message, error }) => {
  const type = error instanceof Error ? error.name : undefined;
  process.stderr.write(`${JSON.stringify({ time, severity, message, ...(type && { error: { type } }) })}\n`);
};

/**
 * The logger exists before there is anywhere to log to: lines wait, so that a module can log while it is set up.
 * A sink that throws is left out of that line; logging never breaks the caller.
 */
export function createLogger({ minimum, clock }: { minimum: Severity; clock: Clock }): BoundLater {
  const held: LogRecord[] = [];
  let deliver = (record: LogRecord) => {
    if (held.length < heldAtMost) held.push(record);
  };

  const writer = (severity: Severity): Logger[Severity] => {
    if (severities.indexOf(severity) < severities.indexOf(minimum)) return () => {};
    return (message, { error, ...fields } = {}) =>
      deliver({ time: clock.now(), severity, message, fields, ...(error !== undefined && { error }) });
  };

  return {
    log: { debug: writer('debug'), info: writer('info'), warning: writer('warning'), error: writer('error') },
    bind(sinks, fields) {
      const targets = sinks.length > 0 ? sinks : [lastResort];
      deliver = (record) => {
        const extra = fields.map((read) => read());
        const complete = { ...record, fields: Object.assign({}, ...extra, record.fields) };
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
