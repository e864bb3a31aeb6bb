import { type Logger, logs } from '@opentelemetry/api-logs';

/**
 * A logger of the OpenTelemetry logs API for whoever is set up before the SDK starts: one taken then would stay silent
 * for good, so it is kept only once it works. `enabled()` tells whether anybody takes the record.
 */
export function createTelemetryLogger(scope: string): () => Logger {
  let working: Logger | undefined;
  return () => {
    if (working) return working;
    const logger = logs.getLogger(scope);
    if (logger.enabled()) working = logger;
    return logger;
  };
}
