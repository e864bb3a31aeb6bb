import { type JobMiddleware, JobMissed } from '../../../platform/jobs.ts';
import { defineEvents } from '../../events.ts';

const job = { job: 'string', everyMs: 'milliseconds' } as const;
const run = { ...job, durationMs: 'milliseconds' } as const;

const events = defineEvents('job', {
  ran: { when: 'a run of a job has ended', fields: run },
  failed: { when: 'a run of a job has thrown', fields: { ...run, errorType: 'string' } },
  missed: { when: 'a run of a job did not begin, because the run before it has not ended', fields: job },
});

/** Announces how each run of a job ended. */
export const announceRun: JobMiddleware = async function announceRun({ name, seconds }, next) {
  const startedAt = performance.now();
  const facts = { job: name, everyMs: seconds * 1_000 };
  const durationMs = () => performance.now() - startedAt;
  try {
    await next();
  } catch (error) {
    if (error instanceof JobMissed) events.missed(facts);
    else events.failed({ ...facts, durationMs: durationMs(), errorType: error instanceof Error ? error.name : 'none' });
    throw error;
  }
  events.ran({ ...facts, durationMs: durationMs() });
};
