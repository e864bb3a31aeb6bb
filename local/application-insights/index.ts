import { randomUUID } from 'node:crypto';
import { startLoopbackServer } from '../loopback/loopback-server.ts';
import { createIngestion, type Ingestion } from './ingestion.ts';
import { createJudge, type IngestionMode } from './ingestion-faults.ts';
import { operationRows } from './operation-rows.ts';
import { createRecentRows, type RecentRows } from './recent-rows.ts';
import { type SecurityLogs, startSecurityLogs } from './security-logs/security-logs.ts';
import { type Row, type Tables, tables } from './tables.ts';
import { createUsageCounter } from './usage-rows.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace/workspace.ts';

export type { RowFilter, TableCounts } from './recent-rows.ts';
export type { SecurityLogs } from './security-logs/security-logs.ts';
export type { ColumnType, Row, TableName, Tables } from './tables.ts';
export { TablesInUse } from './workspace/tables-in-use.ts';
export type { Workspace } from './workspace/workspace.ts';
export { workspaceFunctions } from './workspace/workspace-functions.ts';

/** The mode with its options, since when (ISO time), and what was answered since the start. */
export type IngestionState = IngestionMode & { since: string } & ReturnType<Ingestion['counts']>;

export interface ApplicationInsights extends Pick<RecentRows, 'rows' | 'counts'> {
  readonly url: string;
  /** For `APPLICATIONINSIGHTS_CONNECTION_STRING`. The exporter turns http: into https: unless `host` is set to `url` too. */
  readonly connectionString: string;
  /** The Logs Ingestion API beside it, in the same modes; absent unless asked for. */
  readonly securityLogs: SecurityLogs | undefined;
  tables(): Tables;
  /** The tables themselves, for queries and for all that outlives this process. */
  readonly workspace: Workspace;
  /** Takes rows that come by another way than the endpoint. */
  add(rows: readonly Row[]): Promise<void>;
  readonly faults: {
    /** Changes the answers. Resolves when it holds. Throws a sentence for an unknown mode or option. */
    mode(mode: string, options?: Readonly<Record<string, unknown>>): Promise<IngestionState>;
    state(): IngestionState;
  };
  stop(): Promise<void>;
}

/** How often hours that have ended are looked for, when no row comes. */
const USAGE_CHECK_MS = 60_000;

export interface ApplicationInsightsOptions {
  port?: number;
  /** How many rows of each table are kept for readers in this process. */
  maxRows?: number;
  /** The limit of a request before and after unpacking. */
  maxBodyBytes?: number;
  now?: () => Date;
  /**
   * New at each start unless one is given: exporters keep undelivered items on disk by key, and those of another run must not
   * come up in this one.
   */
  instrumentationKey?: string;
  /** Start the Logs Ingestion API for security events too. */
  withSecurityLogs?: boolean;
  /** Where the tables are, and how large they may become. In memory when left out. */
  workspace?: Pick<WorkspaceOptions, 'file' | 'memoryLimitMb' | 'maxAgeDays' | 'maxBytes'>;
}

/**
 * Application Insights on this machine: an ingestion endpoint for the real exporters, and the tables that they fill. Throws
 * when the port is taken, and `TablesInUse` when another process has their file.
 */
export async function startApplicationInsights({
  port = 0,
  maxRows = 200_000,
  maxBodyBytes = 32 * 1024 * 1024,
  now = () => new Date(),
  instrumentationKey = randomUUID(),
  withSecurityLogs = false,
  workspace: workspaceOptions = {},
}: ApplicationInsightsOptions = {}): Promise<ApplicationInsights> {
  const appId = randomUUID();
  const recent = createRecentRows({ maxRows });
  const everyRow = () => Object.keys(tables).flatMap((table) => recent.rows(table));
  const workspace = await openWorkspace(tables, { ...workspaceOptions, earlier: everyRow, now });
  const usage = createUsageCounter(now);
  const store = async (rows: readonly Row[]) => {
    recent.add(rows);
    await workspace.add(rows);
  };
  const add = (rows: readonly Row[]) => store([...usage.count(rows), ...rows]);
  let current = { ...createJudge('ok', {}), since: now().toISOString() };
  const ingestion = createIngestion({ add, judge: () => current.judge(), appId, maxBodyBytes });
  const server = await startLoopbackServer({ port, handle: ingestion.handle }).catch(async (error: unknown) => {
    await workspace.stop();
    throw error;
  });
  const securityLogs = withSecurityLogs ? await startSecurityLogs({ add, judge: () => current.judge() }) : undefined;
  // A failure shows at the next row too, where there is a sender to tell it to.
  const timer = setInterval(() => void add([]).catch(() => undefined), USAGE_CHECK_MS).unref();
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    clearInterval(timer);
    await Promise.all([server.stop(), securityLogs?.stop()]);
    await store(usage.rest());
    await workspace.stop();
  };
  const state = (): IngestionState => ({ ...current.mode, since: current.since, ...ingestion.counts() });

  return {
    url: server.url,
    connectionString: describeConnection(instrumentationKey, server.url, appId),
    rows: recent.rows,
    counts: recent.counts,
    securityLogs,
    tables: () => tables,
    workspace,
    add,
    faults: {
      async mode(mode, options = {}) {
        const next = createJudge(mode, options);
        await add(operationRows(current.mode.mode, next.mode.mode, now()));
        current = { ...next, since: now().toISOString() };
        const change = mode === 'down' ? 'close' : 'reopen';
        await Promise.all([server[change](), securityLogs?.[change]()]);
        return state();
      },
      state,
    },
    stop: () => (stopping ??= stop()),
  };
}

const describeConnection = (instrumentationKey: string, url: string, appId: string): string =>
  [
    `InstrumentationKey=${instrumentationKey}`,
    `IngestionEndpoint=${url}/`,
    // Not served here, and named so that a client with Live Metrics on does not call Azure.
    `LiveEndpoint=${url}/`,
    `ApplicationId=${appId}`,
  ].join(';');
