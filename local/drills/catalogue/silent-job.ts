import { join } from 'node:path';
import type { Drill } from '../drill-definition.ts';

/** How often the job of the drill ran, failed and was missed. */
const runsOfJobs = {
  question: 'How do the runs of the background jobs end?',
  query: `AppEvents
| where Name startswith "job."
| summarize runs = sum(ItemCount) by how = substring(Name, 4)
| order by runs desc
| summarize told = make_list(strcat(runs, " ", how))
| where array_length(told) > 0
| project answer = strcat_array(told, ", ")`,
};

const hangingRuns = {
  question: 'Which error is logged?',
  query: `AppExceptions
| where ExceptionType == "JobMissed"
| summarize times = sum(ItemCount) by job = tostring(Properties.job)
| project answer = strcat(times, " times JobMissed, of the job ", job)`,
};

export const silentJob: Drill = {
  name: 'silent-job',
  question: 'A background job hangs: no caller sees an error. Who detects it?',
  from: 1,
  faultMinutes: 30,
  deploys: true,
  preload: [join(import.meta.dirname, '../silent-job/with-job.preload.ts')],
  begin: async ({ processes }) => {
    await processes.end();
    await processes.start({ env: { DRILL_JOB: 'hangs' } });
  },
  end: async ({ processes }) => {
    await processes.end();
    await processes.start();
  },
  mustFire: [{ rule: 'job-missed', from: 4, why: 'Each run is missed, because the one before it does not end.' }],
  mayFire: [
    {
      rule: 'exception-spike',
      from: 4,
      why: 'Each missed run logs one error, and the job of the drill runs each second.',
    },
  ],
  signals: [runsOfJobs, hangingRuns],
};
