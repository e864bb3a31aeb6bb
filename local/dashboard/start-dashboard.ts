import { createCompleter } from '../kql/index.ts';
import { overviewRoutes } from './api/overview.ts';
import { countQueues } from './api/queue-counts.ts';
import { levelRoutes } from './api/run-state.ts';
import { sendRoutes } from './api/send.ts';
import { createSentFiles } from './api/sent-files.ts';
import { createTransactionSearch, transactionListRoutes } from './api/transactions.ts';
import type { DashboardParts } from './dashboard-parts.ts';
import type { LiveFacts } from './live.ts';
import { createDashboardServer, type DashboardServer } from './server.ts';

/** The page of a run over its stand-ins. `page` is the folder of its files. */
export function startDashboard({
  page,
  now = () => new Date(),
  ...given
}: Omit<DashboardParts, 'complete' | 'now'> & { page?: string; now?: () => Date }): DashboardServer {
  const parts: DashboardParts = {
    ...given,
    now,
    complete: createCompleter(given.telemetry.workspace.schema),
  };
  const sent = createSentFiles(parts);
  const search = createTransactionSearch(parts, sent);
  const server = createDashboardServer({
    token: parts.token,
    now,
    ...(page !== undefined && { page }),
    routes: {
      ...levelRoutes(parts),
      ...overviewRoutes(parts, search),
      ...transactionListRoutes(parts, search, sent),
      ...sendRoutes(parts, sent),
    },
    live: liveFacts(parts, sent),
  });
  return {
    handle: server.handle,
    stop() {
      sent.stop();
      server.stop();
    },
  };
}

function liveFacts(
  { service, telemetry, serviceBus, now }: DashboardParts,
  sent: ReturnType<typeof createSentFiles>,
): LiveFacts {
  return {
    run() {
      const { level, state } = service.facts();
      return { level, state };
    },
    rows() {
      const counts = telemetry.counts();
      const received = Object.values(counts).reduce((sum, table) => sum + table.received, 0);
      const logs = counts.AppTraces.received + counts.AppExceptions.received + counts.AppEvents.received;
      return { received, transactions: counts.AppRequests.received, logs };
    },
    queues() {
      const { active, scheduled, deadLettered } = countQueues(serviceBus?.entities, now());
      return { active, scheduled, deadLettered };
    },
    sent() {
      const counts: Record<string, number> = {};
      for (const { state } of sent.items()) counts[state] = (counts[state] ?? 0) + 1;
      return { counts };
    },
    replays: () => [],
  };
}
