import { randomUUID } from 'node:crypto';
import { startLoopbackServer } from '../loopback/loopback-server.ts';
import { createIngestion, type Ingestion } from './ingestion.ts';
import { createJudge, type IngestionMode } from './ingestion-faults.ts';
import { createRowStore, type RowStore } from './row-store.ts';
import { type Tables, tables } from './tables.ts';

export type { RowFilter, TableCounts } from './row-store.ts';
export type { ColumnType, Row, TableName, Tables } from './tables.ts';

/** The mode with its options, since when (ISO time), and what was answered since the start. */
export type IngestionState = IngestionMode & { since: string } & ReturnType<Ingestion['counts']>;

export interface ApplicationInsights extends Pick<RowStore, 'rows' | 'lines' | 'counts'> {
  readonly url: string;
  /** For `APPLICATIONINSIGHTS_CONNECTION_STRING`. The exporter turns http: into https: unless `host` is set to `url` too. */
  readonly connectionString: string;
  tables(): Tables;
  readonly faults: {
    /** Changes the answers. Resolves when it holds. Throws a sentence for an unknown mode or option. */
    mode(mode: string, options?: Readonly<Record<string, unknown>>): Promise<IngestionState>;
    state(): IngestionState;
  };
  stop(): Promise<void>;
}

/**
 * Application Insights on this machine: an ingestion endpoint for the real exporters, and the rows that they make. `maxRows`
 * bounds each table, `maxBodyBytes` a request before and after unpacking. The key is new at each start unless one is given:
 * exporters keep undelivered items on disk by key, and those of another run must not come up in this one. Throws when the
 * port is taken.
 */
export async function startApplicationInsights({
  port = 0,
  maxRows = 200_000,
  maxBodyBytes = 32 * 1024 * 1024,
  now = () => new Date(),
  instrumentationKey = randomUUID(),
}: {
  port?: number;
  maxRows?: number;
  maxBodyBytes?: number;
  now?: () => Date;
  instrumentationKey?: string;
} = {}): Promise<ApplicationInsights> {
  const appId = randomUUID();
  const store = createRowStore({ maxRows });
  let current = { ...createJudge('ok', {}), since: now().toISOString() };
  const ingestion = createIngestion({ store, judge: () => current.judge(), appId, maxBodyBytes });
  const server = await startLoopbackServer({ port, handle: ingestion.handle });
  const state = (): IngestionState => ({ ...current.mode, since: current.since, ...ingestion.counts() });

  return {
    url: server.url,
    connectionString: [
      `InstrumentationKey=${instrumentationKey}`,
      `IngestionEndpoint=${server.url}/`,
      // Not served here, and named so that a client with Live Metrics on does not call Azure.
      `LiveEndpoint=${server.url}/`,
      `ApplicationId=${appId}`,
    ].join(';'),
    rows: store.rows,
    lines: store.lines,
    counts: store.counts,
    tables: () => tables,
    faults: {
      async mode(mode, options = {}) {
        current = { ...createJudge(mode, options), since: now().toISOString() };
        await (mode === 'down' ? server.close() : server.reopen());
        return state();
      },
      state,
    },
    stop: server.stop,
  };
}
