import type { Row } from '../application-insights/index.ts';
import { azureRows, times, type WrittenColumns } from './azure-rows.fixture.ts';

export const ruleClock = new Date('2026-03-01T12:30:00Z');

/** What each rule is tried with. `rows that stand for several` have an `ItemCount` above 1, as sampling makes them. */
export const ruleCaseKinds = [
  'fires',
  'is quiet',
  'exactly at the threshold',
  'rows that stand for several',
  'no rows',
];

export interface RuleCase {
  readonly rule: string;
  readonly kind: string;
  readonly what: string;
  readonly rows: readonly Row[];
  /** The dimensions for which the rule fires, joined with commas: `''` for a rule without one. */
  readonly fires: readonly string[];
}

const { request, dependency, exception, metric, systemLog, usage, operation } = azureRows(ruleClock);
const [fires, isQuiet, atThreshold, sampled, noRows] = ruleCaseKinds as [string, string, string, string, string];

type Told = [kind: string, what: string, rows: readonly Row[], fires: readonly string[]];
export const casesOf = (rule: string, told: readonly Told[]): RuleCase[] =>
  told.map(([kind, what, rows, which]) => ({ rule, kind, what, rows, fires: which }));

const failed = (columns: WrittenColumns) => request({ ResultCode: '500', Success: false, ...columns });

/** `bad` of 1,000 requests are exactly the share at which the rule does not fire yet. */
function errorBudget(rule: string, bad: number, recentMinutes: number, windowMinutes: number): RuleCase[] {
  const minutesAgo = recentMinutes / 2;
  const of1000 = (count: number) => [
    ...times(count, failed({ minutesAgo })),
    ...times(1_000 - count, request({ minutesAgo })),
  ];
  const early = recentMinutes + 1;
  return casesOf(rule, [
    [fires, 'one failure more than the budget allows at this speed', of1000(bad + 1), ['app']],
    [fires, 'ten failures and nothing else', times(10, failed({ minutesAgo })), ['app']],
    [fires, 'answers that broke off', times(10, request({ minutesAgo, Success: false })), ['app']],
    [isQuiet, 'nine failures and nothing else', times(9, failed({ minutesAgo })), []],
    [isQuiet, 'a spike that is over', [...times(500, failed({ minutesAgo: early })), request({ minutesAgo })], []],
    [
      isQuiet,
      'a few failures after many successes',
      [...times(10, failed({ minutesAgo })), request({ minutesAgo: windowMinutes - 1, ItemCount: 9_990 })],
      [],
    ],
    [isQuiet, 'failures before the window', times(500, failed({ minutesAgo: windowMinutes + 1 })), []],
    [isQuiet, 'mistakes of callers', times(500, failed({ minutesAgo, ResultCode: '404' })), []],
    [isQuiet, 'failures of messages', times(500, failed({ minutesAgo, ResultCode: '0' })), []],
    [isQuiet, 'failed probes', times(500, failed({ minutesAgo, SyntheticSource: 'availability' })), []],
    [atThreshold, 'the share of failures that the budget allows', of1000(bad), []],
    [
      sampled,
      'two rows that stand for 1,000',
      [failed({ minutesAgo, ItemCount: bad + 1 }), request({ minutesAgo, ItemCount: 999 - bad })],
      ['app'],
    ],
    [
      sampled,
      'failures that were kept among sampled successes',
      [...times(bad, failed({ minutesAgo })), request({ minutesAgo, ItemCount: 1_000 - bad })],
      [],
    ],
    [noRows, '', [], []],
  ]);
}

const call = (minutesAgo: number, columns: object = {}) => dependency({ minutesAgo, ...columns });
const dependencyFailing = casesOf('dependency-failing', [
  [fires, 'five of twenty', [...times(5, call(5, { Success: false })), ...times(15, call(5))], ['depot.example']],
  [
    fires,
    'five of twenty, a part of them early in the window',
    [...times(5, call(14, { Success: false })), ...times(15, call(5))],
    ['depot.example'],
  ],
  [isQuiet, 'nineteen calls, all failed', times(19, call(5, { Success: false })), []],
  [isQuiet, 'calls within the process', times(40, call(5, { Success: false, DependencyType: 'InProc' })), []],
  [isQuiet, 'failures before the window', times(40, call(16, { Success: false })), []],
  [atThreshold, 'four of twenty', [...times(4, call(5, { Success: false })), ...times(16, call(5))], []],
  [
    sampled,
    'two rows that stand for twenty',
    [call(5, { Success: false, ItemCount: 5 }), call(5, { ItemCount: 15 })],
    ['depot.example'],
  ],
  [noRows, '', [], []],
]);

const thrown = (minutesAgo: number, columns: object = {}) =>
  exception({ minutesAgo, Properties: { 'error.fingerprint': 'f0' }, ...columns });
const exceptionSpike = casesOf('exception-spike', [
  [fires, 'twenty after 91 in the hours before', [...times(20, thrown(5)), ...times(91, thrown(60))], ['f0,TypeError']],
  [fires, 'without a fingerprint', times(20, thrown(5, { Properties: {} })), ['TypeError in handle,TypeError']],
  [fires, 'without a frame', times(20, thrown(5, { Properties: {}, Method: '' })), ['TypeError,TypeError']],
  [isQuiet, 'as many as five hours ago', [...times(20, thrown(5)), ...times(92, thrown(300))], []],
  [isQuiet, 'a run on the machine of a developer', times(20, thrown(5, { SyntheticSource: 'test' })), []],
  [isQuiet, 'nineteen of a new error', times(19, thrown(5)), []],
  [isQuiet, 'as many as always', [...times(20, thrown(5)), ...times(460, thrown(60))], []],
  [atThreshold, 'five times as many as usual', [...times(20, thrown(5)), ...times(92, thrown(60))], []],
  [sampled, 'one row that stands for twenty', [thrown(5, { ItemCount: 20 })], ['f0,TypeError']],
  [noRows, '', [], []],
]);

const telemetrySilent = casesOf('telemetry-silent', [
  [fires, 'the last row is 16 minutes old', [metric({ minutesAgo: 16 })], ['app']],
  [fires, 'only another role reports', [metric({ minutesAgo: 1, AppRoleName: 'worker' })], ['app']],
  [fires, 'only a developer reports', [request({ minutesAgo: 1, SyntheticSource: 'test' })], ['app']],
  [isQuiet, 'a row of a minute ago', [metric({ minutesAgo: 1 })], []],
  [atThreshold, 'the last row is 15 minutes old', [request({ minutesAgo: 15 })], []],
  [sampled, 'a row that stands for several is a sign of life', [request({ minutesAgo: 1, ItemCount: 4 })], []],
  [noRows, 'a role without any row is silent', [], ['app']],
]);

const stopped = (count: number, columns: object = {}) =>
  times(count, systemLog({ minutesAgo: 5, Log: '', ...columns }));
/** What Azure writes without sampling has no rows that stand for several. */
const restarts = casesOf('restarts', [
  [fires, 'four in half an hour', stopped(4), ['app']],
  [fires, 'four, two of them early in the window', [...stopped(2), ...stopped(2, { minutesAgo: 25 })], ['app']],
  [
    isQuiet,
    'Azure stopped them',
    stopped(9, { Log: "Container 'app' was terminated with reason 'ManuallyStopped'" }),
    [],
  ],
  [isQuiet, 'before the window', stopped(9, { minutesAgo: 31 }), []],
  [atThreshold, 'three in half an hour', stopped(3), []],
  [noRows, '', [], []],
]);

const volume = (Quantity: number, columns: object = {}) => usage({ minutesAgo: 60, Quantity, ...columns });
const dailyCap = casesOf('daily-cap', [
  [fires, 'more than four fifths in two rows', [volume(400), volume(1)], ['']],
  [fires, 'more than four fifths over the day', [volume(201), volume(200, { minutesAgo: 1_380 })], ['']],
  [isQuiet, 'what is not billed', [volume(600, { IsBillable: false })], []],
  [atThreshold, 'four fifths', [volume(400)], []],
  [noRows, '', [], []],
]);

const told = (Detail: string, columns: object = {}) =>
  operation({ minutesAgo: 5, OperationCategory: 'Data Collection Status', Detail, ...columns });
const dailyCapReached = casesOf('daily-cap-reached', [
  [fires, 'the collection stopped', [told('Ingestion status = OverQuota')], ['']],
  [fires, 'early in the window', [told('Ingestion status = OverQuota', { minutesAgo: 29 })], ['']],
  [isQuiet, 'the collection began again', [told('Ingestion status = RespectQuota')], []],
  [isQuiet, 'an agent says the same', [told('OverQuota', { OperationCategory: 'Agent' })], []],
  [atThreshold, 'half an hour and a minute ago', [told('Ingestion status = OverQuota', { minutesAgo: 31 })], []],
  [noRows, '', [], []],
]);

/** Rows for every log rule of `infra/observability`, and for what it fires. */
export const ruleCases: readonly RuleCase[] = [
  ...errorBudget('error-budget-fast', 72, 10, 60),
  ...errorBudget('error-budget-medium', 30, 30, 360),
  ...errorBudget('error-budget-slow', 15, 120, 1_440),
  ...dependencyFailing,
  ...exceptionSpike,
  ...telemetrySilent,
  ...restarts,
  ...dailyCap,
  ...dailyCapReached,
];
