import { casesOf, type RuleCase, ruleClock } from './alert-rule-cases.fixture.ts';
import { azureRows, times } from './azure-rows.fixture.ts';

const { event, metric } = azureRows(ruleClock);

/** A reading of the oldest message's age in seconds for each of these minutes. */
const ages = (minutesAgo: readonly number[], seconds: number, columns: object = {}) =>
  minutesAgo.map((each) =>
    metric({
      minutesAgo: each,
      Name: 'servicebus.oldest_message.age',
      Min: seconds,
      Properties: { source: 'parcels' },
      ...columns,
    }),
  );
const five = [1, 4, 7, 10, 13];
const oldestMessage = casesOf('oldest-message', [
  ['fires', 'more than ten times as long as promised, at each of five minutes', ages(five, 601), ['parcels']],
  ['is quiet', 'one reading in between found none', [...ages(five, 601), ...ages([6], 0)], []],
  ['is quiet', 'four minutes of readings', ages([1, 4, 7, 10], 601), []],
  ['is quiet', 'readings before the window', ages([16, 17, 18, 19, 20], 601), []],
  ['is quiet', 'another metric', ages(five, 601, { Name: 'servicebus.time_in_queue' }), []],
  ['exactly at the threshold', 'ten times as long', ages(five, 600), []],
  ['rows that stand for several', 'readings of several replicas', ages(five, 601, { ItemCount: 4 }), ['parcels']],
  ['no rows', '', [], []],
]);

/** Attempts of which some are not the first of their message. */
const attempts = (count: number, repeated: number, columns: object = {}) =>
  Array.from({ length: count }, (_, index) =>
    event({
      minutesAgo: 10,
      Name: 'message.attempted',
      Properties: { source: 'parcels', messageId: `m${index}`, sequenceNumber: `${index}` },
      Measurements: { attempt: index < repeated ? 2 : 1 },
      ...columns,
    }),
  );
const [oneAttempt] = attempts(1, 1);
/** Of one message that the broker hands out again and again, because its lock is lost each time. */
const deliveries = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    event({
      minutesAgo: 10,
      Name: 'message.attempted',
      Properties: { source: 'parcels', messageId: 'm', sequenceNumber: '1' },
      Measurements: { attempt: 1, delivery: index + 1 },
    }),
  );
const retryStorm = casesOf('retry-storm', [
  ['fires', 'more than half of fifty', attempts(50, 26), ['parcels']],
  ['fires', 'one message that is handed out fifty times', deliveries(50), ['parcels']],
  ['is quiet', 'all of forty-nine', attempts(49, 49), []],
  ['is quiet', 'one attempt that was told sixty times', oneAttempt ? times(60, oneAttempt) : [], []],
  ['is quiet', 'attempts before the window', attempts(50, 50, { minutesAgo: 16 }), []],
  ['is quiet', 'messages that were put aside', attempts(50, 50, { Name: 'message.putAside' }), []],
  ['exactly at the threshold', 'half of fifty', attempts(50, 25), []],
  [
    'rows that stand for several',
    'attempts are counted, whatever rows stand for',
    attempts(30, 30, { ItemCount: 4 }),
    [],
  ],
  ['no rows', '', [], []],
]);

const step = (Name: string, minutesAgo: number, messageId: string, columns: object = {}) =>
  event({ minutesAgo, Name: `message.${Name}`, Properties: { source: 'parcels', messageId }, ...columns });
const consumerStalled = casesOf('consumer-stalled', [
  ['fires', 'a message waits for 20 minutes', [step('queued', 20, 'a')], ['parcels']],
  [
    'fires',
    'the last message was handled before',
    [step('queued', 40, 'a'), step('completed', 30, 'a'), step('queued', 20, 'b')],
    ['parcels'],
  ],
  [
    'is quiet',
    'a sender repeats what was handled a day and a half ago',
    [step('queued', 2_160, 'a'), step('completed', 2_159, 'a'), step('queued', 20, 'a')],
    [],
  ],
  ['is quiet', 'a message of a developer', [step('queued', 20, 'a', { SyntheticSource: 'test' })], []],
  ['is quiet', 'another message was handled since', [step('queued', 20, 'a'), step('attempted', 5, 'b')], []],
  ['is quiet', 'every message was handled', [step('queued', 20, 'a'), step('deadLettered', 19, 'a')], []],
  ['is quiet', 'a message without an id', [step('queued', 20, '')], []],
  ['exactly at the threshold', 'a message waits for 15 minutes', [step('queued', 15, 'a')], ['parcels']],
  ['exactly at the threshold', 'a message waits for less than 15 minutes', [step('queued', 14.9, 'a')], []],
  [
    'rows that stand for several',
    'a handled message in a row that stands for four',
    [step('attempted', 5, 'b', { ItemCount: 4 })],
    [],
  ],
  ['no rows', '', [], []],
]);

const completed = (count: number, ageMs: number, from = 0, columns: object = {}) =>
  Array.from({ length: count }, (_, index) =>
    step('completed', 5, `m${from + index}`, { Measurements: { ageMs }, ...columns }),
  );
const messageLatency = casesOf('message-latency', [
  ['fires', 'two of twenty are late', [...completed(18, 100), ...completed(2, 60_001, 18)], ['parcels']],
  [
    'fires',
    'two of twenty are late, and the others were early in the window',
    [...completed(18, 100, 0, { minutesAgo: 25 }), ...completed(2, 60_001, 18)],
    ['parcels'],
  ],
  ['is quiet', 'messages of a developer', completed(20, 60_001, 0, { SyntheticSource: 'test' }), []],
  ['is quiet', 'nineteen are late and one has no age', [...completed(19, 60_001), step('completed', 5, 'm19')], []],
  ['is quiet', 'all of nineteen are late', completed(19, 60_001), []],
  ['is quiet', 'twenty take as long as was promised', completed(20, 60_000), []],
  [
    'is quiet',
    'one message was told twenty times',
    times(20, step('completed', 5, 'a', { Measurements: { ageMs: 9e6 } })),
    [],
  ],
  ['exactly at the threshold', 'one of twenty is late', [...completed(19, 100), ...completed(1, 60_001, 19)], []],
  [
    'rows that stand for several',
    'messages are counted, whatever their rows stand for',
    completed(5, 60_001, 0, { ItemCount: 4 }),
    [],
  ],
  ['no rows', '', [], []],
]);

/** Rows for the log rules on how long messages wait and how often they are tried. */
export const queueRuleCases: readonly RuleCase[] = [
  ...oldestMessage,
  ...retryStorm,
  ...consumerStalled,
  ...messageLatency,
];
