import { setTimeout as wait } from 'node:timers/promises';
import type { LoadResult } from './load-result.ts';
import type { World } from './world.ts';

export interface Scenario {
  name: string;
  what: string;
  levels: readonly number[];
  /** How long the fault lasts, in seconds; as short as it gets where it happens once. */
  seconds: number;
  /** Of normal work before the fault: more where it is compared with. */
  calmSeconds?: number;
  /** Whether the worker is a process of its own. */
  split?: boolean;
  /** Resolves when the fault is over and everything works again. */
  fault(world: World, seconds: number): Promise<void>;
  /** What is promised beside "nothing lost"; a sentence for each promise that was broken. */
  broken(result: LoadResult): string[];
}

const aMinute = 60;
/** Latencies of a run of some seconds are never equal: half as much again and a timer's width is noise. */
const noise = (beforeMs: number) => 1.5 * beforeMs + 25;

const noDeadLetters = ({ deadLettered }: LoadResult) =>
  deadLettered > 0 ? [`${deadLettered} messages were dead-lettered`] : [];

const keptReady = ({ readiness }: LoadResult) =>
  readiness === 200 ? [] : [`readiness answered ${readiness} although only a destination was sick`];

/** Again and again, for so many seconds; what it resolves after is the last one. */
async function repeatedly(seconds: number, everyMs: number, step: () => void): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; step()) await wait(everyMs);
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'destination-down',
    what: 'both destinations refuse connections',
    levels: [1, 2],
    seconds: 120,
    async fault({ destination }, seconds) {
      await destination.faults.mode('down');
      await wait(seconds * 1000);
      await destination.faults.mode('ok');
    },
    broken(result) {
      const { level, mostDeliveries, recoveredAfterSeconds = Number.POSITIVE_INFINITY } = result;
      if (level < 2) return keptReady(result);
      return [
        ...keptReady(result),
        ...noDeadLetters(result),
        ...(mostDeliveries > 2 ? [`a message was handed out ${mostDeliveries} times`] : []),
        ...(recoveredAfterSeconds > aMinute ? ['not everything was delivered a minute after the return'] : []),
      ];
    },
  },
  {
    name: 'one-destination-down',
    what: 'one of two destinations answers 503',
    levels: [1, 2],
    seconds: 60,
    calmSeconds: 60,
    async fault({ destination }, seconds) {
      await destination.faults.mode('down', { destination: 'north' });
      await wait(seconds * 1000);
      await destination.faults.mode('ok');
    },
    broken(result) {
      const { before, during } = result.otherP99OfWindowsMs;
      if (result.level < 2) return keptReady(result);
      return [
        ...keptReady(result),
        ...noDeadLetters(result),
        ...(during > noise(before) ? [`p99 of the other went from ${before} to ${during} ms`] : []),
      ];
    },
  },
  {
    name: 'broker-restart',
    what: 'the broker is gone and comes back with its messages',
    levels: [2],
    seconds: 10,
    async fault({ serviceBus }, seconds) {
      await serviceBus.faults.stopBroker();
      await wait(seconds * 1000);
      await serviceBus.faults.startBroker();
    },
    broken: noDeadLetters,
  },
  {
    name: 'dropped-sockets',
    what: 'every connection to the broker is cut, every two seconds',
    levels: [2],
    seconds: 20,
    fault: ({ serviceBus }, seconds) => repeatedly(seconds, 2_000, serviceBus.faults.dropSockets),
    broken: noDeadLetters,
  },
  {
    name: 'forced-detach',
    what: 'the broker ends every link, every two seconds',
    levels: [2],
    seconds: 20,
    fault: ({ serviceBus }, seconds) => repeatedly(seconds, 2_000, () => serviceBus.faults.detachLinks()),
    broken: noDeadLetters,
  },
  {
    name: 'lock-loss',
    what: 'the destinations are slow and every lock is lost once a second',
    levels: [2],
    seconds: 20,
    async fault({ serviceBus, destination, business }, seconds) {
      await destination.faults.mode('slow', { ms: 100 });
      const queue = serviceBus.entities.queue(business.queue)?.queue;
      await repeatedly(seconds, 1_000, () => {
        for (const { lock } of queue?.peek(0, 100_000) ?? []) if (lock) queue?.loseLock(lock.token);
      });
      await destination.faults.mode('ok');
    },
    broken: noDeadLetters,
  },
  {
    name: 'server-busy',
    what: 'the broker throttles sends and its management',
    levels: [2],
    seconds: 15,
    async fault({ serviceBus }, seconds) {
      await serviceBus.faults.mode('server-busy');
      await wait(seconds * 1000);
      await serviceBus.faults.mode('ok');
    },
    broken: noDeadLetters,
  },
  {
    name: 'worker-kill',
    what: 'the worker is killed with files in hand, and started again',
    levels: [2],
    seconds: 1,
    split: true,
    async fault({ destination, replaceWorker }, seconds) {
      await destination.faults.mode('slow', { ms: 100 }); // it has something in hand at any moment
      await wait(seconds * 1000);
      await replaceWorker();
      await destination.faults.mode('ok');
    },
    broken: noDeadLetters,
  },
];
