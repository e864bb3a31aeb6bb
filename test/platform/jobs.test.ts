import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createJobs, type Job, type JobMiddleware, JobMissed } from '../../src/platform/jobs.ts';
import { recordedLog } from './recorded-log.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function start(middlewares: readonly JobMiddleware[] = []) {
  const log = recordedLog();
  return { ...createJobs(middlewares, log), log };
}

/** A middleware that keeps how each run ended. */
function recordRuns() {
  const runs: [job: Job, how: unknown][] = [];
  const record: JobMiddleware = async (job, next) => {
    await next().then(
      () => runs.push([job, 'ran']),
      (error: Error) => {
        runs.push([job, error.name]);
        throw error;
      },
    );
  };
  return { runs, record };
}

test('a job runs for the first time after its interval, and then again and again', async () => {
  const { every } = start();
  const run = vi.fn(async () => {});
  every('settle', 10, run);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(run).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(20_001);
  expect(run).toHaveBeenCalledTimes(3);
});

test('a run that fails is logged with its error, and the next one begins at its time', async () => {
  const { every, log } = start();
  const error = new Error('the bank is closed');
  const run = vi.fn<() => Promise<void>>().mockRejectedValueOnce(error).mockResolvedValue();
  every('settle', 10, run);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(run).toHaveBeenCalledTimes(2);
  expect(log.lines).toEqual([
    { severity: 'error', message: 'a run of a job failed', fields: { job: 'settle', error } },
  ]);
});

test('an error that is thrown before the first await ends no process either', async () => {
  const { every, log } = start();
  every('settle', 10, () => {
    throw new Error('at once');
  });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(log.lines).toHaveLength(2);
});

test('while a run lasts the next one is missed, and the one after its end runs', async () => {
  const { runs, record } = recordRuns();
  const { every, log } = start([record]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = vi.fn<() => Promise<void>>().mockReturnValueOnce(promise).mockResolvedValue();
  every('settle', 10, run);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(runs).toEqual([[{ name: 'settle', seconds: 10 }, 'JobMissed']]);
  expect(log.lines).toMatchObject([{ fields: { job: 'settle', error: expect.any(JobMissed) } }]);
  resolve();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(runs.map(([, how]) => how)).toEqual(['JobMissed', 'ran', 'ran']);
});

test('jobs do not wait for each other', async () => {
  const { every } = start();
  const other = vi.fn(async () => {});
  every('hangs', 1, () => new Promise(() => {}));
  every('other', 1, other);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(other).toHaveBeenCalledTimes(3);
});

test('the end of the service aborts the signal, begins no run, and waits for the run that lasts', async () => {
  const { every, stop, signal } = start();
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = vi.fn((_: AbortSignal) => promise);
  every('settle', 10, run);
  await vi.advanceTimersByTimeAsync(10_000);
  let stopped = false;
  const stopping = stop().then(() => {
    stopped = true;
  });
  expect([signal.aborted, run.mock.lastCall?.[0].aborted]).toEqual([true, true]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([stopped, run.mock.calls.length]).toEqual([false, 1]);
  resolve();
  await stopping;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([stopped, run.mock.calls.length]).toEqual([true, 1]);
});

test('two jobs of one name stop the start', () => {
  const { every } = start();
  every('settle', 10, async () => {});
  expect(() => every('settle', 20, async () => {})).toThrow('The job "settle" is declared twice: rename one of them.');
});

test.each([0, 0.5, -1, Number.NaN, 2_147_484])(
  'an interval of %s seconds is no time that a timer can wait',
  (seconds) => {
    const { every } = start();
    expect(() => every('settle', seconds, async () => {})).toThrow(
      `The job "settle" cannot run every ${seconds} seconds: choose 1 to 2147483.`,
    );
  },
);
