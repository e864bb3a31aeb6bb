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

const { request, dependency, exception, event, metric, systemLog, usage, operation } = azureRows(ruleClock);
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
  [isQuiet, 'nineteen of a new error', times(19, thrown(5)), []],
  [isQuiet, 'as many as always', [...times(20, thrown(5)), ...times(460, thrown(60))], []],
  [atThreshold, 'five times as many as usual', [...times(20, thrown(5)), ...times(92, thrown(60))], []],
  [sampled, 'one row that stands for twenty', [thrown(5, { ItemCount: 20 })], ['f0,TypeError']],
  [noRows, '', [], []],
]);

const step = (Name: string, minutesAgo: number, messageId: string, columns: object = {}) =>
  event({ minutesAgo, Name: `message.${Name}`, Properties: { source: 'parcels', messageId }, ...columns });
const consumerStalled = casesOf('consumer-stalled', [
  [fires, 'a message waits for 20 minutes', [step('queued', 20, 'a')], ['parcels']],
  [
    fires,
    'the last message was handled before',
    [step('queued', 40, 'a'), step('completed', 30, 'a'), step('queued', 20, 'b')],
    ['parcels'],
  ],
  [isQuiet, 'another message was handled since', [step('queued', 20, 'a'), step('attempted', 5, 'b')], []],
  [isQuiet, 'every message was handled', [step('queued', 20, 'a'), step('deadLettered', 19, 'a')], []],
  [isQuiet, 'a message without an id', [step('queued', 20, '')], []],
  [atThreshold, 'a message waits for 15 minutes', [step('queued', 15, 'a')], ['parcels']],
  [atThreshold, 'a message waits for less than 15 minutes', [step('queued', 14.9, 'a')], []],
  [sampled, 'a handled message in a row that stands for four', [step('attempted', 5, 'b', { ItemCount: 4 })], []],
  [noRows, '', [], []],
]);

const completed = (count: number, ageMs: number, from = 0, columns: object = {}) =>
  Array.from({ length: count }, (_, index) =>
    step('completed', 5, `m${from + index}`, { Measurements: { ageMs }, ...columns }),
  );
const messageLatency = casesOf('message-latency', [
  [fires, 'two of twenty are late', [...completed(18, 100), ...completed(2, 60_001, 18)], ['parcels']],
  [isQuiet, 'all of nineteen are late', completed(19, 60_001), []],
  [isQuiet, 'twenty take as long as was promised', completed(20, 60_000), []],
  [
    isQuiet,
    'one message was told twenty times',
    times(20, step('completed', 5, 'a', { Measurements: { ageMs: 9e6 } })),
    [],
  ],
  [atThreshold, 'one of twenty is late', [...completed(19, 100), ...completed(1, 60_001, 19)], []],
  [sampled, 'messages are counted, whatever their rows stand for', completed(5, 60_001, 0, { ItemCount: 4 }), []],
  [noRows, '', [], []],
]);

const telemetrySilent = casesOf('telemetry-silent', [
  [fires, 'the last row is 16 minutes old', [metric({ minutesAgo: 16 })], ['app']],
  [fires, 'only another role reports', [metric({ minutesAgo: 1, AppRoleName: 'worker' })], ['app']],
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
  [isQuiet, 'what is not billed', [volume(600, { IsBillable: false })], []],
  [atThreshold, 'four fifths', [volume(400)], []],
  [noRows, '', [], []],
]);

const told = (Detail: string, columns: object = {}) =>
  operation({ minutesAgo: 5, OperationCategory: 'Data Collection Status', Detail, ...columns });
const dailyCapReached = casesOf('daily-cap-reached', [
  [fires, 'the collection stopped', [told('Ingestion status = OverQuota')], ['']],
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
  ...consumerStalled,
  ...messageLatency,
  ...telemetrySilent,
  ...restarts,
  ...dailyCap,
  ...dailyCapReached,
];
