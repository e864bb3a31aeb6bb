import { startApplicationInsights } from '../../application-insights/index.ts';

/** What the bench may ask, and what it is answered. */
export interface TablesAnswer {
  url?: string;
  rows?: Record<string, number>;
  queryMs?: number;
}

// The ingestion endpoint with its tables in a file, as `npm start` has it, as a process of its own.
const [file] = process.argv.slice(2);
const answer = (content: TablesAnswer) => process.send?.(content);
const insights = await startApplicationInsights({ maxRows: 5_000, workspace: { file } });
answer({ url: insights.url });

process.on('message', async (question) => {
  if (question === 'stop') {
    await insights.stop();
    process.exit();
  }
  const connection = await insights.workspace.connection();
  const rows: Record<string, number> = {};
  for (const table of ['AppRequests', 'AppDependencies', 'AppEvents']) {
    const [[count]] = (await connection.runAndReadAll(`SELECT count(*) FROM ${table}`)).getRows() as [[bigint]];
    rows[table] = Number(count);
  }
  const startedAt = performance.now();
  await connection.runAndReadAll(
    'SELECT Name, sum(ItemCount), quantile_disc(DurationMs, 0.95) FROM AppRequests GROUP BY Name',
  );
  answer({ rows, queryMs: performance.now() - startedAt });
  connection.closeSync();
});
