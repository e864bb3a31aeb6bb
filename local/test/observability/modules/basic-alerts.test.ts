import { expect, test } from 'vitest';
import { firedBy, type Measurement, rowAt } from '../../../alerts/fired-by.fixture.ts';

const of = (EntityName: string) => ({ EntityName });
const [parcels, letters] = [of('parcels'), of('letters')];
const failed = (statusCodeCategory: string) => ({ statusCodeCategory });

/** Whether a metric rule fires when it is evaluated at minute 15, and for which series. */
const cases: [what: string, rule: string, measured: Measurement[], series: string[]][] = [
  ['one dead letter, even for a moment', 'dead-letters', [[1, 'DeadletteredMessages', 1, parcels]], ['parcels']],
  ['no dead letter', 'dead-letters', [[1, 'DeadletteredMessages', 0, parcels]], []],
  ['one of an hour ago', 'dead-letters', [[-1, 'DeadletteredMessages', 1, parcels]], []],
  [
    'dead letters of two queues',
    'dead-letters',
    [
      [9, 'DeadletteredMessages', 1, parcels],
      [9, 'DeadletteredMessages', 2, letters],
    ],
    ['letters', 'parcels'],
  ],
  ['eleven answers of 500 and above', 'failed-requests', [[1, 'Requests', 11, failed('5xx')]], ['5xx']],
  ['ten', 'failed-requests', [[14, 'Requests', 10, failed('5xx')]], []],
  ['answers of 400', 'failed-requests', [[14, 'Requests', 99, failed('4xx')]], []],
  [
    'no replica for a quarter of an hour',
    'no-replica',
    [
      [1, 'Replicas', 0],
      [14, 'Replicas', 0],
    ],
    ['all'],
  ],
  [
    'one replica at its beginning',
    'no-replica',
    [
      [1, 'Replicas', 1],
      [14, 'Replicas', 0],
    ],
    [],
  ],
  ...['service-bus-errors', 'throttled'].flatMap((rule): typeof cases => {
    const metric = rule === 'throttled' ? 'ThrottledRequests' : 'ServerErrors';
    return [
      [
        'eleven of two entities, far apart',
        rule,
        [
          [0, metric, 6, parcels],
          [14, metric, 5, letters],
        ],
        ['all'],
      ],
      ['ten', rule, [[14, metric, 10, parcels]], []],
      [
        'eleven, of which six are too old',
        rule,
        [
          [-1, metric, 6],
          [14, metric, 5],
        ],
        [],
      ],
    ];
  }),
];

test.each(cases)('%s: the rule %s', async (_what, rule, measured, series) => {
  expect(await firedBy(rule, { at: 15, measured })).toEqual(series);
});

const ended = (app: string, minutes: readonly number[], reason = 'ProcessExited') =>
  minutes.map((at) =>
    rowAt('ContainerAppSystemLogs', at, {
      ContainerAppName: app,
      Reason: 'ContainerTerminated',
      Log: `Container '${app}' was terminated with exit code '1' and reason '${reason}'`,
    }),
  );

test.each([
  ['a container that ended four times in half an hour', ended('app', [0, 9, 19, 29]), ['app']],
  ['three times', ended('app', [9, 19, 29]), []],
  ['four times, once too long ago', ended('app', [-1, 9, 19, 29]), []],
  ['four times, because Azure stopped it', ended('app', [0, 9, 19, 29], 'ManuallyStopped'), []],
  ['four times, of two apps', [...ended('app', [0, 9]), ...ended('worker', [19, 29])], []],
])('%s: the rule restarts', async (_what, rows, series) => {
  expect(await firedBy('restarts', { at: 30, rows })).toEqual(series);
});
