import { setTimeout as wait } from 'node:timers/promises';
import { latenciesOf, p99, p99OfWindows, slowestMs } from './latencies.ts';
import type { LoadResult } from './load-result.ts';
import { type Places, watchPlaces } from './places.ts';
import type { Scenario } from './scenarios.ts';
import { type SentFile, startLoad } from './soak-load.ts';
import { startWorld, type World } from './world.ts';

export const messagesPerSecond = 50;
const calmSeconds = 5;
const patienceMs = 180_000;

/**
 * Runs one scenario at one level under load: some calm, the fault for so many seconds, some calm, and until every file has
 * come to its end. Throws when the service does not start.
 */
export async function runScenario(scenario: Scenario, level: number, seconds: number): Promise<LoadResult> {
  const world = await startWorld({ level, split: scenario.split ?? false });
  const places = watchPlaces(world);
  const startedAt = Date.now();
  const load = startLoad(world.api, messagesPerSecond);
  try {
    await wait((scenario.calmSeconds ?? calmSeconds) * 1000);
    const brokeAt = Date.now();
    const [endedAt, readiness] = await Promise.all([
      scenario.fault(world, seconds).then(() => Date.now()),
      wait(seconds * 900).then(() => readinessOf(world)), // late: the checks behind it run every few seconds only
    ]);
    const before = load.files.filter(({ sentAt }) => sentAt < endedAt);
    const recovery = settled(places, before);
    await wait(calmSeconds * 1000);
    await load.stop();
    const recoveredAt = await recovery;
    const accepted = load.files.filter(({ acceptedAt }) => acceptedAt !== undefined);
    await settled(places, accepted);
    await world.endService();

    const latencies = (from: number, to: number) => latenciesOf(places, load.files, from, to);
    const { duplicates, conflicts } = world.destination.ledger.totals();
    const result: LoadResult = {
      scenario: scenario.name,
      level,
      seconds,
      sent: load.files.length,
      refused: load.refused(),
      accepted: accepted.length,
      delivered: accepted.filter((file) => places.deliveredAt(file) !== undefined).length,
      deadLettered: accepted.filter(places.isDeadLettered).length,
      lost: places.unsettled(accepted).length,
      duplicates,
      mostDeliveries: places.mostDeliveries(),
      readiness,
      recoveredAfterSeconds: recoveredAt && (recoveredAt - endedAt) / 1000,
      slowestSeconds: slowestMs(places, accepted) / 1000,
      otherP99Ms: {
        before: p99(latencies(startedAt, brokeAt)),
        during: p99(latencies(brokeAt, endedAt)),
      },
      otherP99OfWindowsMs: {
        before: p99OfWindows(latencies, startedAt, brokeAt),
        during: p99OfWindows(latencies, brokeAt, endedAt),
      },
      broken: [],
    };
    const always = [
      ...(result.lost > 0 ? [`${result.lost} accepted messages were lost`] : []),
      ...(result.accepted < result.sent ? [`${result.sent - result.accepted} messages were never accepted`] : []),
      ...(conflicts > 0 ? [`${conflicts} deliveries had the key of another message`] : []),
    ];
    return { ...result, broken: [...always, ...scenario.broken(result)] };
  } finally {
    places.stop();
    await load.stop();
    await world.stop();
  }
}

const readinessOf = async ({ api }: World) => (await fetch(`${api.url}/health/ready`)).status;

/** When the last of them had come to its end (milliseconds since 1970); undefined when one had not in time. */
async function settled(places: Places, files: readonly SentFile[]): Promise<number | undefined> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await wait(100)) {
    if (places.unsettled(files).length === 0) return Date.now();
  }
  return undefined;
}
