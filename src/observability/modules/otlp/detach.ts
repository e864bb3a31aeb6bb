import { setTimeout as wait } from 'node:timers/promises';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';

type Done = (result: ExportResult) => void;
interface Exporter {
  export(batch: never, done: Done): void;
  shutdown(): Promise<void>;
}

/** How long the last batches may delay the end of the process, in milliseconds. */
const lastBatchesMs = 3_000;

/**
 * Changes an OTLP exporter so that nothing waits for its endpoint: a batch counts as delivered once it is on its way.
 * Otherwise a slow endpoint would hold up what shares a trace or a shutdown with it, and the SDK would give up the batches
 * of Azure with those of this endpoint. The exporter itself has at most 30 batches on their way and gives each up after
 * OTEL_EXPORTER_OTLP_TIMEOUT; `failed` gets the reason for each that is lost.
 */
export function detach<E extends Exporter>(exporter: E, failed: (reason: string) => void): E {
  const send = exporter.export.bind(exporter);
  const end = exporter.shutdown.bind(exporter);
  return Object.assign(exporter, {
    export(batch: never, done: Done): void {
      send(batch, ({ code, error }) => {
        if (code !== ExportResultCode.SUCCESS) failed(describe(error));
      });
      done({ code: ExportResultCode.SUCCESS });
    },
    forceFlush: async () => {},
    shutdown: () => Promise.race([end(), wait(lastBatchesMs, undefined, { ref: false })]),
  });
}

/** An address with several IP addresses fails with an empty message, and an answer with its status as the code. */
function describe(error: (Error & { code?: unknown }) | undefined): string {
  const message = error?.message.replace('Request timed out', 'no answer in time') || error?.name || 'unknown reason';
  const code = String(error?.code ?? '');
  return message.includes(code) ? message : `${message} (${code})`;
}
