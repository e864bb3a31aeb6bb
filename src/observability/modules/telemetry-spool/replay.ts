import { backOffMs } from '../../../platform/back-off.ts';
import type { BatchQueue, Entry } from './batch-queue.ts';
import type { Verdict } from './verdict.ts';

export interface Replay {
  /** Nothing else is to be sent: the last answer was no, and the replay itself finds out when that has changed. */
  blocked(): boolean;
  /** Somebody else's batch was not taken. `waitMs` is what the endpoint asked for. */
  failed(problem: string, waitMs?: number | undefined): void;
  /** The endpoint works, as far as anybody knows: now is the time for those that wait. */
  wake(): void;
  stop(): void;
}

interface ReplayOptions {
  queue: BatchQueue;
  /** Must not throw. */
  send(body: string): Promise<Verdict | { kind: 'redirected' }>;
  /** The endpoint took a part of the batch; keeps what may be taken later. Whether anything was dealt with. */
  keepRest(entry: Entry, body: string, verdict: Verdict & { kind: 'partly' }): Promise<boolean>;
  /** Told at each change. */
  outage(problem: string): void;
  recovered(): void;
  firstDelayMs?: number;
  longestDelayMs?: number;
}

/** Tries after which a batch is given up, when the endpoint has taken others in between: it is the batch then. */
const lastTry = 10;

/** Sends what waits, oldest first and one at a time. After a failure it waits: doubling, with jitter, or as it was asked to. */
export function createReplay(options: ReplayOptions): Replay {
  const { queue, send, keepRest, outage, recovered, firstDelayMs = 1_000, longestDelayMs = 60_000 } = options;
  let isBlocked = false;
  let isRunning = false;
  let isWanted = false;
  let stopped = false;
  let failures = 0;
  let taken = 0;
  let dueAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const takenAtTry = new WeakMap<Entry, number>();

  function failed(problem: string, waitMs?: number): void {
    if (stopped) return;
    if (!isBlocked) outage(problem);
    isBlocked = true;
    // Batches that were on their way together fail together: that is one failure.
    if (timer && waitMs === undefined) return;
    const delay = waitMs ?? backOffMs(failures + 1, { firstMs: firstDelayMs, factor: 2, capMs: longestDelayMs });
    if (timer && performance.now() + delay < dueAt) return;
    failures += 1;
    dueAt = performance.now() + delay;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      void run();
    }, delay).unref();
  }

  function succeeded(): void {
    failures = 0;
    taken += 1;
    unblock();
  }

  function unblock(): void {
    if (isBlocked) recovered();
    isBlocked = false;
  }

  async function run(): Promise<void> {
    if (stopped) return;
    isWanted = isRunning;
    if (isRunning) return;
    isRunning = true;
    try {
      do {
        isWanted = false;
        await drain();
      } while (isWanted && !isBlocked);
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
    } finally {
      isRunning = false;
    }
  }

  async function drain(): Promise<void> {
    let goesOn = true;
    while (goesOn && !stopped) {
      const entry = queue.next();
      if (entry) goesOn = await deliver(entry);
      else return unblock();
    }
  }

  /** Whether the next one may follow. */
  async function deliver(entry: Entry): Promise<boolean> {
    let body: string | undefined;
    try {
      body = await entry.read();
    } catch (error) {
      // The disk's bad moment (too many open files, a network disk) is no reason to delete the batch.
      const problem = `a kept batch cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      await putBack(entry, problem);
      failed(problem);
      return false;
    }
    if (body === undefined) {
      queue.remove(entry);
      return true;
    }
    const verdict = await send(body);
    switch (verdict.kind) {
      case 'delivered':
        queue.remove(entry);
        succeeded();
        return true;
      case 'refused':
        await queue.drop(entry, verdict.problem);
        succeeded();
        return true;
      case 'partly':
        // Items that are refused for now must not hold up those that are not: only a batch without progress waits.
        if ((await keepRest(entry, body, verdict)) && (verdict.later.length === 0 || verdict.waitMs === undefined)) {
          succeeded();
          return true;
        }
        failed(verdict.problem, verdict.waitMs);
        return false;
      case 'redirected':
        queue.release(entry);
        unblock(); // the exporter's next request learns the new address
        return false;
      case 'later':
        await putBack(entry, verdict.problem);
        failed(verdict.problem, verdict.waitMs);
        return false;
    }
  }

  async function putBack(entry: Entry, problem: string): Promise<void> {
    entry.tries += 1;
    const isAlone = (takenAtTry.get(entry) ?? taken) < taken;
    takenAtTry.set(entry, taken);
    if (isAlone && entry.tries >= lastTry) await queue.drop(entry, problem);
    else queue.release(entry);
  }

  return {
    blocked: () => isBlocked,
    failed,
    wake() {
      if (!isBlocked) void run();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
