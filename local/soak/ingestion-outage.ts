import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Row } from '../application-insights/index.ts';
import { endServices, launchService } from '../test/service/running-service.ts';
import type { Told } from './numbered.preload.ts';
import { type StandIns, startStandIns } from './soak-stand-ins.ts';

/** Of one kind of item, which has every other number: what was made, and what became of it. */
export interface ItemsFound {
  kind: keyof typeof kinds;
  made: number;
  arrived: number;
  /** In the files that still wait when the run ends. */
  stored: number;
  /** Arrived more than once. */
  twice: number;
  /** Of the killed process, counted back from its last. */
  missingOfKilled: number;
  oldestMissingSecondsBeforeKill: number;
  missingOfOther: number;
}

export interface OutageResult {
  scenario: 'ingestion-outage';
  level: 1;
  /** From the beginning of the outage until ingestion came back. */
  seconds: number;
  items: ItemsFound[];
  /** Stored when ingestion came back: each file is a batch. */
  stored: { files: number; mb: number };
  /** Stored batches that arrived a minute, once ingestion was back. */
  replayedPerMinute: number;
  /** Resident memory of one process early in the outage and at its end, in MB. */
  memoryMb: { early: number; late: number };
  broken: string[];
}

/** What a process made, by number, and when, in milliseconds of its own clock. */
type Numbered = ReadonlyMap<number, number>;

/** What is made since the last export is lost by a kill. A timer comes late under load, and a file takes a moment. */
const boundSeconds = 5.5;
/** After its start a process replays once within a minute, in vain: what is measured then is the steady rate. */
const afterKillSeconds = 60;
const watchedSeconds = 300;
const memoryWindowMs = 10_000;
const mostGrowth = 1.1;
const ofOther = 1_000_000;
const patienceMs = 60_000;

/** Starts the real service with the product's own export intervals; it makes numbered items from `from` on. */
function startNumbered(standIns: StandIns, stateDir: string, from: number) {
  const numbers = new Map<number, number>();
  const memory: { at: number; bytes: number }[] = [];
  const service = launchService(standIns, {
    config: { level: 1, logs: { console: 'warnings' } },
    env: {
      OTEL_BSP_SCHEDULE_DELAY: undefined,
      OTEL_BLRP_SCHEDULE_DELAY: undefined,
      STATE_DIR: stateDir,
      SOAK_NUMBERED_FROM: String(from),
    },
    preload: [join(import.meta.dirname, 'numbered.preload.ts')],
    spoke(message) {
      const { numbered, at, memoryBytes } = message as Told; // it says nothing else
      numbers.set(numbered, at);
      memory.push({ at: performance.now(), bytes: memoryBytes });
    },
  });
  return {
    service,
    numbers,
    /** The mean of the last seconds: single values move with the garbage collector. */
    memoryMb() {
      const recent = memory.filter(({ at }) => at > performance.now() - memoryWindowMs);
      return recent.reduce((sum, { bytes }) => sum + bytes, 0) / recent.length / 1e6;
    },
  };
}

/**
 * Ingestion goes down; after `seconds` the service is killed and started again, a minute later ingestion is back. Every
 * number made is looked for among what arrived and what still waits on disk.
 */
export async function ingestionOutage(seconds: number, told: (line: string) => void): Promise<OutageResult> {
  const standIns = await startStandIns();
  const stateDir = await mkdtemp(join(tmpdir(), 'soak '));
  try {
    const { insights } = standIns;
    const killed = startNumbered(standIns, stateDir, 0);
    await firstArrival(standIns, killed.service.output);
    await insights.faults.mode('down');
    told(`ingestion is down; the service is killed after ${seconds} seconds`);
    await wait(seconds * 200);
    const early = killed.memoryMb();
    await wait(seconds * 800);
    const late = killed.memoryMb();
    await killed.service.kill();
    const other = startNumbered(standIns, stateDir, ofOther);
    await wait(afterKillSeconds * 1000);

    const stored = await storedIn(stateDir);
    await insights.faults.mode('ok');
    told(`ingestion is back, ${stored.files} batches wait; their replay is watched for ${watchedSeconds} seconds`);
    await wait(watchedSeconds * 1000);
    const left = await storedIn(stateDir);
    const made = new Map(other.numbers); // what it makes while it ends may be lost
    await other.service.stop();

    const waiting = await storedIn(stateDir);
    const kindsFound = Object.keys(kinds) as ItemsFound['kind'][];
    const items = kindsFound.map((kind) => look(kind, standIns, waiting.numbers, [killed.numbers, made]));
    const memoryMb = { early, late };
    return {
      scenario: 'ingestion-outage',
      level: 1,
      seconds: seconds + afterKillSeconds,
      items,
      stored: { files: stored.files, mb: stored.bytes / 1e6 },
      replayedPerMinute: ((stored.files - left.files) * 60) / watchedSeconds,
      memoryMb,
      broken: [...items.flatMap(promisesBroken), ...memoryBroken(memoryMb)],
    };
  } finally {
    await endServices();
    await standIns.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

const isNumbered = ({ Message, Name }: Row) => Message === 'numbered' || Name === 'numbered';

/** Where each kind arrives, and what the rest of its number by two is. */
const kinds = {
  'log lines': { table: 'AppTraces', rest: 0 },
  spans: { table: 'AppDependencies', rest: 1 },
} as const;

function look(
  kind: ItemsFound['kind'],
  { insights }: StandIns,
  waiting: ReadonlySet<number>,
  [killed, other]: [Numbered, Numbered],
): ItemsFound {
  const { table, rest } = kinds[kind];
  const rows = insights.rows(table).filter(isNumbered);
  const numbers = rows.map(({ Properties }) => Number((Properties as { number?: string }).number));
  const there = new Set(numbers);
  const madeBy = (process: Numbered) => [...process].filter(([number]) => number % 2 === rest);
  const missing = (process: Numbered) =>
    madeBy(process).filter(([number]) => !there.has(number) && !waiting.has(number));
  const [missingOfKilled, missingOfOther] = [missing(killed), missing(other)];
  const lastAt = [...killed.values()].at(-1) ?? 0;
  const [, oldestAt = lastAt] = missingOfKilled[0] ?? [];
  return {
    kind,
    made: madeBy(killed).length + madeBy(other).length,
    arrived: there.size,
    stored: [...waiting].filter((number) => number % 2 === rest && !there.has(number)).length,
    twice: numbers.length - there.size,
    missingOfKilled: missingOfKilled.length,
    oldestMissingSecondsBeforeKill: (lastAt - oldestAt) / 1000,
    missingOfOther: missingOfOther.length,
  };
}

function promisesBroken({ kind, missingOfOther, oldestMissingSecondsBeforeKill: seconds }: ItemsFound): string[] {
  return [
    ...(missingOfOther > 0 ? [`${missingOfOther} ${kind} of the process that was not killed are missing`] : []),
    ...(seconds > boundSeconds ? [`${kind} made ${seconds.toFixed(1)} s before the kill are missing`] : []),
  ];
}

const memoryBroken = ({ early, late }: OutageResult['memoryMb']) =>
  late > mostGrowth * early ? [`memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MB`] : [];

/** The exporter's files: how many, how big, and the numbers of the items in them. */
async function storedIn(folder: string): Promise<{ files: number; bytes: number; numbers: ReadonlySet<number> }> {
  const names = await readdir(folder, { recursive: true });
  const batches = names.filter((name) => name.endsWith('.ai.json'));
  const texts = await Promise.all(batches.map((name) => readFile(join(folder, name), 'utf8').catch(() => ''))); // sent meanwhile
  const numbers = texts.flatMap((text) => [...text.matchAll(/"number":"(\d+)"/g)].map(([, number]) => Number(number)));
  return {
    files: batches.length,
    bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    numbers: new Set(numbers),
  };
}

/** Throws, with what the service said, when nothing ever arrives. */
async function firstArrival({ insights }: StandIns, said: () => string): Promise<void> {
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await wait(250)) {
    if (insights.rows('AppTraces').some(isNumbered)) return;
  }
  throw new Error(
    `No numbered log line of the service has arrived: there is nothing to measure.\n${said().slice(-2_000)}`,
  );
}
