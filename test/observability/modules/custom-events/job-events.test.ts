import { expect, onTestFinished, test } from 'vitest';
import { watchEvents } from '../../../../src/observability/events.ts';
import { announceRun } from '../../../../src/observability/modules/custom-events/job-events.ts';
import { JobMissed } from '../../../../src/platform/jobs.ts';

const job = { name: 'settle', seconds: 60 };

function recordEvents() {
  const events: unknown[] = [];
  onTestFinished(watchEvents(({ name }, values) => void events.push([name, values])));
  return events;
}

test('a run that ends is announced with its interval and its duration', async () => {
  const events = recordEvents();
  await announceRun(job, async () => {});
  expect(events).toEqual([['job.ran', { job: 'settle', everyMs: 60_000, durationMs: expect.any(Number) }]]);
});

test('a run that throws is announced with the type of its error, never with its text, and the error goes on', async () => {
  const events = recordEvents();
  const failing = announceRun(job, () => Promise.reject(new RangeError('ann@x.test')));
  await expect(failing).rejects.toThrow(RangeError);
  const failed = { job: 'settle', everyMs: 60_000, durationMs: expect.any(Number), errorType: 'RangeError' };
  expect(events).toEqual([['job.failed', failed]]);
});

test('a run that did not begin is missed, not failed', async () => {
  const events = recordEvents();
  await expect(announceRun(job, () => Promise.reject(new JobMissed()))).rejects.toThrow(JobMissed);
  expect(events).toEqual([['job.missed', { job: 'settle', everyMs: 60_000 }]]);
});
