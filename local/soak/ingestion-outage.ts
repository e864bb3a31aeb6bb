import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Row } from '../application-insights/index.ts';
import { endServices, launchService } from '../test/service/running-service.ts';
import type { Told } from './numbered.preload.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

/** Of one kind of item, which has every other number: what was made, and what of it arrived. */
export interface ItemsFound {
  kind: keyof typeof kinds;
  made: number;
  arrived: number;
  /** Arrived more than once: batches whose answer was cut off, which the module's page allows. */
  twice: number;
  /** Of the killed process, counted back from its last. */
  missingOfKilled: number;
  oldestMissingSecondsBeforeKill: number;
  missingOfOther: number;
  /** The stated bound. */
  boundSeconds: number;
}

export interface OutageResult {
  scenario: 'ingestion-outage';
  level: 2;
  seconds: number;
  items: ItemsFound[];
  /** On disk when ingestion came back. */
  keptMb: number;
  /** From its return until the last kept batch had arrived. */
  recoveredAfterSeconds: number | undefined;
  broken: string[];
}

/** The numbers that a process made, each with the time of its own clock, in milliseconds. */
type Numbered = ReadonlyMap<number, number>;

/** A timer of the exporter comes late under load, and a batch needs a moment until it is written. */
const toleranceSeconds = 0.5;
const ofOther = 1_000_000;
const patienceMs = 180_000;

/** Starts the real service with the product's own export intervals; it makes numbered items from `from` on. */
function startNumbered(standIns: StandIns, stateDir: string, from: number) {
  const numbers = new Map<number, number>();
  const service = launchService(standIns, {
    config: { level: 2, logs: { console: 'warnings' } },
    env: {
      OTEL_BSP_SCHEDULE_DELAY: undefined,
      OTEL_BLRP_SCHEDULE_DELAY: undefined,
      STATE_DIR: stateDir,
      SOAK_NUMBERED_FROM: String(from),
    },
    preload: [join(import.meta.dirname, 'numbered.preload.ts')],
    spoke(message) {
      const { numbered, at } = message as Told; // it says nothing else
      numbers.set(numbered, at);
    },
  });
  return { service, numbers };
}

/**
 * Ingestion is down for `seconds`; in the middle the service is killed and started again. Every number made is looked for
 * among what arrived.
 */
export async function ingestionOutage(seconds: number, told: (line: string) => void): Promise<OutageResult> {
  const standIns = await startStandIns();
  const stateDir = await mkdtemp(join(tmpdir(), 'soak '));
  try {
    const { insights } = standIns;
    const first = startNumbered(standIns, stateDir, 0);
    const begun = await until(() => insights.rows('AppTraces').some(isNumbered), patienceMs, first.service.output);
    if (!begun) throw new Error('No numbered log line of the service has arrived: there is nothing to measure.');
    await wait(10_000);
    await insights.faults.mode('down');
    told(`ingestion is down for ${seconds} seconds, the service is killed in the middle`);
    await wait(seconds * 500);
    await first.service.kill();
    const second = startNumbered(standIns, stateDir, ofOther);
    await wait(seconds * 500);
    const keptMb = (await bytesIn(stateDir)) / 1e6;
    await insights.faults.mode('ok');
    const returnedAt = performance.now();
    told('ingestion is back');
    const recovered = await until(async () => (await bytesIn(stateDir)) < 100_000, patienceMs, second.service.output);
    const recoveredAfterSeconds = (performance.now() - returnedAt) / 1000;
    const made = new Map(second.numbers); // what it makes while it ends is nobody's promise
    await second.service.stop();

    const found = [look('log lines', standIns, [first.numbers, made]), look('spans', standIns, [first.numbers, made])];
    return {
      scenario: 'ingestion-outage',
      level: 2,
      seconds,
      items: found,
      keptMb,
      recoveredAfterSeconds: recovered ? recoveredAfterSeconds : undefined,
      broken: [
        ...found.flatMap(promisesBroken),
        ...(recovered ? [] : [`what was kept had not arrived ${patienceMs / 1000} seconds after the return`]),
      ],
    };
  } finally {
    await endServices();
    await standIns.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

const isNumbered = ({ Message, Name }: Row) => Message === 'numbered' || Name === 'numbered';

/** Where each kind arrives, what the rest of its number by two is, and what a kill may cost of it. */
const kinds = {
  'log lines': { table: 'AppTraces', rest: 0, boundSeconds: 1 },
  spans: { table: 'AppDependencies', rest: 1, boundSeconds: 5 },
} as const;

function look(kind: keyof typeof kinds, { insights }: StandIns, [killed, other]: [Numbered, Numbered]): ItemsFound {
  const { table, rest, boundSeconds } = kinds[kind];
  const rows = insights.rows(table).filter(isNumbered);
  const numbers = rows.map(({ Properties }) => Number((Properties as { number?: string }).number));
  const there = new Set(numbers);
  const madeBy = (process: Numbered) => [...process].filter(([number]) => number % 2 === rest);
  const missing = (process: Numbered) => madeBy(process).filter(([number]) => !there.has(number));
  const made = madeBy(killed).length + madeBy(other).length;
  const [missingOfKilled, missingOfOther] = [missing(killed), missing(other)];
  const lastAt = [...killed.values()].at(-1) ?? 0;
  const [, oldestAt = lastAt] = missingOfKilled[0] ?? [];
  return {
    kind,
    made,
    arrived: made - missingOfKilled.length - missingOfOther.length,
    twice: numbers.length - there.size,
    missingOfKilled: missingOfKilled.length,
    oldestMissingSecondsBeforeKill: (lastAt - oldestAt) / 1000,
    missingOfOther: missingOfOther.length,
    boundSeconds,
  };
}

function promisesBroken(found: ItemsFound): string[] {
  const { kind, missingOfOther, oldestMissingSecondsBeforeKill: seconds, boundSeconds } = found;
  return [
    ...(missingOfOther > 0 ? [`${missingOfOther} ${kind} of the process that was not killed are missing`] : []),
    ...(seconds > boundSeconds + toleranceSeconds
      ? [`${kind} made ${seconds.toFixed(1)} s before the kill are missing; the bound is ${boundSeconds} s`]
      : []),
  ];
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (entry) => (entry.isFile() ? entry.size : 0),
      () => 0, // sent meanwhile
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Whether it came true in time. Throws what the service said when nothing ever arrives. */
async function until(isTrue: () => boolean | Promise<boolean>, withinMs: number, said: () => string): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await isTrue()) return true;
    await wait(250);
  }
  process.stderr.write(said().slice(-2_000));
  return false;
}
