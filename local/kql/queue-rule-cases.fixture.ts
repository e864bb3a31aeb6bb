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
const retryStorm = casesOf('retry-storm', [
  ['fires', 'more than half of fifty', attempts(50, 26), ['parcels']],
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

/** Rows for the log rules on how long messages wait and how often they are tried. */
export const queueRuleCases: readonly RuleCase[] = [...oldestMessage, ...retryStorm];
