import { logs } from '@opentelemetry/api-logs';

/** What the SDK's logger provider keeps inside. */
interface Inside {
  _sharedState?: { processors: { _scheduledDelayMillis?: number }[] };
}

/**
 * How long a log line may wait for others, in milliseconds; to be set after the SDK has started. The distro (1.21.0) has
 * no option for it and sends every second: in an outage each batch is a file, and the exporter replays files slowly.
 */
export function setLogDelay(delayMs: number): void {
  const { _sharedState } = logs.getLoggerProvider() as Inside;
  for (const processor of _sharedState?.processors ?? []) {
    if (processor._scheduledDelayMillis !== undefined) processor._scheduledDelayMillis = delayMs;
  }
}
