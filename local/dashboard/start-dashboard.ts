import { alertRoutes } from './api/alert-routes.ts';
import { countQueues } from './api/broker-queues.ts';
import { createCommands } from './api/command-process.ts';
import { createDeadLetterChanges, type DeadLetterChanges } from './api/dead-letter-changes.ts';
import { textIn } from './api/dead-letter-facts.ts';
import { deadLetterGroupRoutes } from './api/dead-letter-groups.ts';
import { drillRoutes } from './api/drill-routes.ts';
import { createDrillRuns } from './api/drill-runs.ts';
import { levelRoutes } from './api/level-routes.ts';
import { logRoutes } from './api/logs.ts';
import { messageRoutes, type Names } from './api/messages.ts';
import { createOperator } from './api/operator-command.ts';
import { overviewRoutes } from './api/overview.ts';
import { planRoutes } from './api/plan-routes.ts';
import { queryRoutes } from './api/query.ts';
import { queueRoutes } from './api/queue-routes.ts';
import { savedQueryRoutes } from './api/repository-queries.ts';
import { schemaRoutes } from './api/schema.ts';
import { sendRoutes } from './api/send-routes.ts';
import { createSentFiles, type SentFiles } from './api/sent-files.ts';
import { transactionRoutes } from './api/transaction.ts';
import { createTransactionSearch, transactionListRoutes } from './api/transactions.ts';
import type { DashboardParts } from './dashboard-parts.ts';
import { createDashboardServer, type DashboardServer } from './dashboard-server.ts';
import type { LiveFacts } from './live.ts';

/** The page of a run over its stand-ins. `page` is the folder of its files. */
export function startDashboard({
  page,
  now = () => new Date(),
  ...given
}: Omit<DashboardParts, 'now'> & { page?: string; now?: () => Date }): DashboardServer {
  const parts: DashboardParts = { ...given, now };
  const sent = createSentFiles(parts);
  const search = createTransactionSearch(parts, sent);
  const commands = createCommands(parts.root);
  const operator = createOperator(parts.root, commands);
  const drills = createDrillRuns({ commands, now });
  const changes = createDeadLetterChanges(parts, operator);
  const server = createDashboardServer({
    token: parts.token,
    now,
    ...(page !== undefined && { page }),
    routes: {
      ...levelRoutes(parts),
      ...overviewRoutes(parts, search),
      ...transactionListRoutes(parts, search, sent),
      ...transactionRoutes(parts, sent),
      ...sendRoutes(parts, sent),
      ...logRoutes(parts),
      ...queryRoutes(parts),
      ...schemaRoutes(parts),
      ...savedQueryRoutes(parts),
      ...queueRoutes(parts),
      ...messageRoutes(parts, { nameOf: sent.nameOf, nameOn: namesOf(parts.businesses) }),
      ...deadLetterGroupRoutes(parts),
      ...changes.routes,
      ...alertRoutes(parts),
      ...planRoutes(operator, parts.service.runFile),
      ...drillRoutes(parts.root, commands, drills),
    },
    live: {
      ...liveFacts(parts, sent, changes),
      drills: () => drills.recent().map(({ id, drill, state, seconds }) => ({ id, drill, state, seconds })),
    },
  });
  return {
    handle: server.handle,
    stop() {
      commands.stop();
      sent.stop();
      server.stop();
    },
  };
}

function liveFacts(
  { service, telemetry, serviceBus, alerts, now }: DashboardParts,
  sent: Pick<SentFiles, 'items'>,
  changes: Pick<DeadLetterChanges, 'recent'>,
): Omit<LiveFacts, 'drills'> {
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
    alerts() {
      const rules = alerts?.rules() ?? [];
      const checkedAt =
        rules
          .map(({ evaluatedAt = '' }) => evaluatedAt)
          .toSorted()
          .at(-1) ?? '';
      return { fired: rules.reduce((sum, rule) => sum + rule.alerts.length, 0), checkedAt };
    },
    replays: () => changes.recent().map(({ id, state, done, matched }) => ({ id, state, done, matched })),
  };
}

/** Reads the name that a business puts on its messages. */
function namesOf(businesses: DashboardParts['businesses']): Names['nameOn'] {
  const names = businesses.flatMap(({ requests }) => requests?.follow?.nameProperty ?? []);
  return (properties) => names.map((name) => textIn(properties, name)).find((text) => text !== undefined);
}
