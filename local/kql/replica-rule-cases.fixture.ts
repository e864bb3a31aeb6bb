import { casesOf, type RuleCase, ruleClock } from './alert-rule-cases.fixture.ts';
import { azureRows } from './azure-rows.fixture.ts';

const { event } = azureRows(ruleClock);

const beat = (minutesAgo: number, columns: object = {}) =>
  event({ minutesAgo, Name: 'heartbeat.beat', AppRoleInstance: 'app-1', ...columns });
const ended = (minutesAgo: number) => beat(minutesAgo, { Name: 'heartbeat.ended' });

const heartbeatMissing = casesOf('heartbeat-missing', [
  ['fires', 'a replica whose last heartbeat is sixteen minutes old', [beat(21), beat(16)], ['app']],
  ['fires', 'one of two replicas', [beat(16), beat(1, { AppRoleInstance: 'app-2' })], ['app']],
  ['is quiet', 'a replica that beats', [beat(16), beat(11), beat(6), beat(1)], []],
  ['is quiet', 'a replica that said that it ends', [beat(21), ended(16)], []],
  ['is quiet', 'a replica that fell silent before the window', [beat(31)], []],
  ['is quiet', 'a run on the machine of a developer', [beat(16, { SyntheticSource: 'test' })], []],
  ['is quiet', 'another event of the replica', [beat(16, { Name: 'message.queued' })], []],
  ['exactly at the threshold', 'a heartbeat of fifteen minutes ago', [beat(15)], []],
  ['rows that stand for several', 'a row that stands for several', [beat(16, { ItemCount: 4 })], ['app']],
  ['no rows', '', [], []],
]);

const minute = 60_000;
const hour = 60 * minute;

/** One run of the job `settle`, which runs every `everyMs` milliseconds. */
const run = (minutesAgo: number, how: 'ran' | 'failed' | 'missed', everyMs: number, columns: object = {}) =>
  event({
    minutesAgo,
    Name: `job.${how}`,
    AppRoleInstance: 'app-1',
    Properties: { job: 'settle' },
    Measurements: { everyMs },
    ...columns,
  });
const failedEachMinute = (from: number, to: number, columns: object = {}) =>
  Array.from({ length: from - to + 1 }, (_, index) => run(from - index, 'failed', minute, columns));

const jobMissed = casesOf('job-missed', [
  ['fires', 'ten minutes of failures', [run(13, 'ran', minute), ...failedEachMinute(12, 2)], ['settle']],
  ['fires', 'ten minutes of missed runs', [run(13, 'ran', minute), run(3, 'missed', minute)], ['settle']],
  [
    'fires',
    'one failure of a job that runs each day',
    [run(1_445, 'ran', 24 * hour), run(5, 'failed', 24 * hour)],
    ['settle'],
  ],
  ['fires', 'a job whose first run failed', [run(5, 'failed', hour)], ['settle']],
  [
    'fires',
    'a job that runs on one replica and hangs on another',
    [run(13, 'ran', minute), run(3, 'missed', minute), run(1, 'ran', minute, { AppRoleInstance: 'app-2' })],
    ['settle'],
  ],
  ['is quiet', 'nine minutes of failures', [run(12, 'ran', minute), ...failedEachMinute(11, 3)], []],
  ['is quiet', 'a job that runs again', [...failedEachMinute(30, 2), run(1, 'ran', minute)], []],
  ['is quiet', 'a replica that has been gone for more than two intervals', failedEachMinute(60, 16), []],
  [
    'is quiet',
    'a failure before the interval is over, of a replica that was started anew',
    [run(1_500, 'ran', 36 * hour), run(60, 'failed', 36 * hour)],
    [],
  ],
  ['is quiet', 'a job that runs', [run(65, 'ran', hour), run(5, 'ran', hour)], []],
  ['is quiet', 'failures of more than two days ago', [run(2_881, 'failed', 24 * hour)], []],
  ['is quiet', 'a developer', failedEachMinute(20, 2, { SyntheticSource: 'test' }), []],
  ['exactly at the threshold', 'ten minutes', [run(13, 'ran', minute), run(3, 'failed', minute)], ['settle']],
  [
    'rows that stand for several',
    'a row that stands for several is one run',
    [run(4, 'ran', minute), run(3, 'failed', minute, { ItemCount: 20 })],
    [],
  ],
  ['no rows', '', [], []],
]);

/** Rows for the log rules on replicas that fall silent and on jobs. */
export const replicaRuleCases: readonly RuleCase[] = [...heartbeatMissing, ...jobMissed];
