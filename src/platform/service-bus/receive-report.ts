import type { Logger } from '../log.ts';
import { brokerError } from './persist.ts';

export interface ReceiveReport {
  failed(error: unknown): void;
  succeeded(): void;
}

interface ReceiveReportOptions {
  source: string;
  log: Logger;
  everyMs?: number;
}

/**
 * Logs once that receiving fails and once that it works again, and in between one line a minute with the number of
 * failures. While it is disconnected, the SDK can report thousands of errors a second.
 */
export function createReceiveReport({ source, log, everyMs = 60_000 }: ReceiveReportOptions): ReceiveReport {
  let failures = 0;
  let saidAt = 0;

  return {
    failed(error) {
      const first = failures === 0;
      failures += 1;
      if (!first && performance.now() - saidAt < everyMs) return;
      saidAt = performance.now();
      log.warning(first ? 'receive failing' : 'receive still failing', { source, failures, error: brokerError(error) });
    },
    succeeded() {
      if (failures > 0) log.info('receiving again', { source, failures });
      failures = 0;
    },
  };
}
