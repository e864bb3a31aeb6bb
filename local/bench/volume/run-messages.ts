import { setTimeout as wait } from 'node:timers/promises';
import type { ApplicationInsights, Row } from '../../application-insights/index.ts';
import type { OutgoingRequest } from '../../business/local-business.ts';
import { sendRequests } from '../../cli/send/send-requests.ts';
import { createTally } from '../../cli/send/tally.ts';
import type { ServiceBus } from '../../service-bus/index.ts';
import { startStandIns } from '../../soak/soak-stand-ins.ts';
import type { TestedBusiness } from '../../test/fixture-business.ts';
import { startService } from '../../test/service/running-service.ts';
import { usualMix, type VolumeSubject } from './volume-subjects.ts';

/** Rows and bytes of the columns, as `_BilledSize` says them. */
export interface Counted {
  rows: number;
  bytes: number;
}

const idleCalls = 'calls that brought no message';
/** What time fills, however many messages there are. */
export const byTime: readonly string[] = ['AppMetrics', 'AppPerformanceCounters', idleCalls];

export interface MessageRun {
  /** Different messages that the service accepted. */
  messages: number;
  deadLettered: number;
  /** Attempts that a destination refused. */
  failedAttempts: number;
  tables: Record<string, Counted>;
}

const patienceMs = 120_000;
const quietMs = 2_000;

/** Sends the requests to the whole service and counts the rows of telemetry. Throws when not every message ends in time. */
export async function runMessages(
  { config, preload = [], mix = usualMix }: VolumeSubject,
  business: TestedBusiness,
  requests: Iterable<OutgoingRequest>,
): Promise<MessageRun> {
  const standIns = await startStandIns(business);
  const { insights, serviceBus, destination } = standIns;
  const service = await startService(standIns, { config, preload, env: { SINK: insights.url } }).catch(
    async (error) => {
      await standIns.stop();
      throw error;
    },
  );
  try {
    await destination.faults.mode('flaky', { share: mix.failingShare, seed: mix.seed });
    const tally = createTally();
    const follow = business.requests?.follow;
    await sendRequests({ requests, url: service.url, follow, tally, concurrency: 8, timeoutMs: patienceMs });
    await allEnded(serviceBus);
    await quiet(insights);
    await service.stop();
    const { destinations } = destination.faults.state() as { destinations: Record<string, { answers: object }> };
    const answers = Object.values(destinations).flatMap(({ answers }) => Object.entries(answers));
    return {
      messages: tally.result(0).accepted,
      deadLettered: sourcesOf(serviceBus).reduce((sum, { queue }) => sum + queue.counts().deadLetter, 0),
      failedAttempts: answers.reduce((sum, [status, count]) => sum + (Number(status) >= 500 ? Number(count) : 0), 0),
      tables: count(insights),
    };
  } finally {
    await service.kill();
    await standIns.stop();
  }
}

const sourcesOf = ({ entities }: ServiceBus) => [
  ...entities.queues(),
  ...entities.topics().flatMap(({ subscriptions }) => subscriptions),
];

async function allEnded(serviceBus: ServiceBus): Promise<void> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await wait(50)) {
    if (sourcesOf(serviceBus).every(({ queue }) => queue.peek(0, 1).length === 0)) return;
  }
  throw new Error(`Messages were still under way after ${patienceMs / 1_000} s.`);
}

/** Waits until no row of a message comes any more: the plain distribution is not asked to send what it holds at the end. */
async function quiet(insights: ApplicationInsights): Promise<void> {
  const received = () =>
    Object.entries(count(insights)).reduce((sum, [table, { rows }]) => sum + (byTime.includes(table) ? 0 : rows), 0);
  const deadline = Date.now() + patienceMs;
  for (let last = -1; last !== received() && Date.now() < deadline; await wait(quietMs)) last = received();
}

/** By table. Calls in which the SDK asks for messages and gets none come with time, and have no name. */
function count(insights: ApplicationInsights): Record<string, Counted> {
  const counted = (rows: readonly Row[]): Counted => ({
    rows: rows.length,
    bytes: rows.reduce((sum, row) => sum + Number(row._BilledSize), 0),
  });
  const tables = Object.keys(insights.counts()).map((table): [string, Counted] => [
    table,
    counted(insights.rows(table, { named: true })),
  ]);
  const idle = insights.rows('AppDependencies').filter(({ Name }) => !Name);
  return Object.fromEntries([...tables, [idleCalls, counted(idle)] as const].filter(([, { rows }]) => rows > 0));
}
