import type { LogsIngestionClient, LogsUploadFailure } from '@azure/monitor-ingestion';
import { context as otelContext, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { ModuleContext } from '../../module.ts';
import type { SecurityRow } from './security-row.ts';

const stream = 'Custom-ServiceSecurity_CL';
/** Less than 1 MB: what is larger the SDK cuts into pieces, and it forgets the rest when it is stopped between two. */
const rowsOfUpload = 1_000;
type Sender = Pick<ModuleContext, 'credential' | 'log'>;

/** For the endpoint of `npm start`, which looks at no token: the SDK sends nothing without one. */
const noCredential = { getToken: async () => ({ token: 'none', expiresOnTimestamp: Date.now() + 3_600_000 }) };

/**
 * Sends rows to the table `ServiceSecurity_CL` by the data collection rule with the immutable id `rule`. The SDK repeats an
 * upload that fails; after that the rows wait for the next `flush`, at most `mostRows` of them, of which the newest stay. Rows
 * on their way wait too, until the endpoint has them. The uploads make no telemetry of their own.
 */
export function createShipping(endpoint: string, rule: string, from: Sender, mostRows = 20_000) {
  const { credential = noCredential, log } = from;
  const waiting: SecurityRow[] = [];
  let client: LogsIngestionClient | undefined;
  let sending: Promise<void> | undefined;
  let failing = false;
  let lost = 0;

  function add(rows: readonly SecurityRow[]): void {
    waiting.push(...rows);
    lost += waiting.splice(0, waiting.length - mostRows).length;
  }

  async function send(signal: AbortSignal): Promise<void> {
    client ??= new (await import('@azure/monitor-ingestion')).LogsIngestionClient(endpoint, credential);
    while (waiting.length > 0) {
      const rows = waiting.slice(0, rowsOfUpload);
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
      const drop = () => waiting.splice(0, waiting.indexOf(rows.at(-1) as SecurityRow) + 1).length;
      await client.upload(rule, stream, rows, { abortSignal }).catch((error: { errors?: LogsUploadFailure[] }) => {
        const cause = error.errors?.[0]?.cause ?? error;
        // No repetition changes these two answers.
        if ([400, 413].includes(Object(cause).statusCode)) lost += drop();
        throw cause;
      });
      drop();
    }
    if (failing) log.info('security events are sent again', { endpoint });
    failing = false;
  }

  return {
    add,
    /** Sends what waits. Never rejects. One runs at a time. */
    flush(signal: AbortSignal): Promise<void> {
      sending ??= otelContext
        .with(suppressTracing(ROOT_CONTEXT), send, undefined, signal)
        .catch((error) => {
          if (!failing) log.warning('security events cannot be sent', { endpoint, error });
          failing = true;
        })
        .finally(() => {
          sending = undefined;
        });
      return sending;
    },
    /** Logs how many rows were lost since the last call; with `end` also those that still wait. */
    reportLost(end = false): void {
      if (end) lost += waiting.splice(0).length;
      if (lost > 0) log.error('security events are lost', { rows: lost });
      lost = 0;
    },
  };
}
