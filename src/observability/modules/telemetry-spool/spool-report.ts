import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/log.ts';

interface SpoolReportOptions {
  log: Logger;
  clock: Clock;
  /** How many batches wait. */
  waiting(): number;
}

/** Says each change once: in an outage the log is what still speaks. */
export function createSpoolReport({ log, clock, waiting }: SpoolReportOptions) {
  let outage: { since: Date; problem: string } | undefined;
  let droppedItems = 0;
  // Told in whatever context a request of the exporter runs: it belongs to no story.
  const say = (severity: 'info' | 'warning', message: string, fields: Record<string, unknown>) =>
    context.with(ROOT_CONTEXT, () => log[severity](message, fields));

  return {
    ofQueue: {
      diskFailed: (error: unknown) =>
        say('warning', 'undelivered telemetry is kept in memory, STATE_DIR cannot be written', { error }),
      diskWorks: () => say('info', 'undelivered telemetry is kept on disk again', {}),
    },
    ofReplay: {
      outage(problem: string) {
        outage = { since: clock.now(), problem };
        say('warning', 'telemetry cannot be delivered and is kept', { problem });
      },
      recovered() {
        const seconds = outage && Math.round((clock.now().getTime() - outage.since.getTime()) / 1_000);
        outage = undefined;
        say('info', 'telemetry is delivered again', { seconds, waitingBatches: waiting(), droppedItems });
      },
    },
    dropped(items: number) {
      droppedItems += items;
    },
    /** Telemetry is not what the service is for: it stays ready, and says that it is degraded. */
    health: (): { ok: boolean; reason?: string } =>
      outage
        ? {
            ok: false,
            reason: `telemetry waits since ${outage.since.toISOString()} (${outage.problem}), ${waiting()} batches, ${droppedItems} items given up`,
          }
        : { ok: true },
  };
}
