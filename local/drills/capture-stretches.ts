import { setTimeout as wait } from 'node:timers/promises';
import type { Drill, DrillScene } from './drill-definition.ts';
import type { DrilledRequest } from './drill-load.ts';
import { type Layout, type Stretch, stretchNames } from './layout.ts';
import { fatesOf } from './message-fates.ts';
import { watchReadiness } from './watch-readiness.ts';

/** What a drill left behind, before its service has ended. */
export interface Captured {
  stretches: readonly Stretch[];
  /** Real seconds from the end of the fault until every message sent before it had come to an end. */
  recoveredAfterSeconds: number | undefined;
  /** What the readiness probe answered while the fault was on. */
  readiness: ReadonlySet<number>;
}

const patienceMs = 25_000;
const lookEveryMs = 200;

/** Runs the stretches in real time under load: nothing wrong, the fault coming, the fault, and its end. */
export async function captureStretches(
  drill: Drill,
  scene: DrillScene,
  seconds: Layout['seconds'],
  told: (seconds: number) => void = () => undefined,
): Promise<Captured> {
  const stretches: Stretch[] = [];
  const ending = new AbortController();
  let during: Promise<void> | undefined;
  let readiness: Promise<ReadonlySet<number>> | undefined;
  let recovered: Promise<number | undefined> | undefined;
  let from = Date.now();
  try {
    for (const name of stretchNames) {
      const until = from + seconds[name] * 1_000;
      let offering = drill.deploys && (name === 'onset' || name === 'recovery') ? undefined : scene.load.offer(until);
      if (name === 'onset') {
        await drill.begin(scene);
        during = drill.during?.(scene, ending.signal);
        during?.catch(() => undefined); // its failure is thrown when it is waited for
        readiness = watchReadiness(scene.url, ending.signal);
      }
      if (name === 'recovery') {
        ending.abort();
        await during;
        await drill.end(scene);
        recovered = allEnded(
          scene,
          scene.load.sent.filter(({ sentAt }) => sentAt < from),
        );
      }
      offering ??= scene.load.offer(until);
      await offering;
      while (Date.now() < until) await wait(until - Date.now()); // a timer of Node may end a millisecond early
      scene.metrics.sample();
      stretches.push({ name, from, until });
      told(seconds[name]);
      from = until;
    }
    await scene.load.answered();
    await allEnded(scene, scene.load.sent);
    return { stretches, recoveredAfterSeconds: await recovered, readiness: (await readiness) ?? new Set() };
  } finally {
    ending.abort();
    await during?.catch(() => undefined); // it has something to close
  }
}

/** How many seconds it took until none of them waited any more; undefined when some did to the end. */
async function allEnded(scene: DrillScene, requests: readonly DrilledRequest[]): Promise<number | undefined> {
  const startedAt = performance.now();
  for (; performance.now() - startedAt < patienceMs; await wait(lookEveryMs)) {
    const fates = [...fatesOf(scene, requests).values()];
    if (!fates.includes('waiting')) return (performance.now() - startedAt) / 1_000;
  }
  return undefined;
}
