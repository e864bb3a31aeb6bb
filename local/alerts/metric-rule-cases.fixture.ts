import type { Measurement } from './fired-by.fixture.ts';

const of = (EntityName: string) => ({ EntityName });
const [parcels, letters] = [of('parcels'), of('letters')];
const failed = (statusCodeCategory: string) => ({ statusCodeCategory });

/** What was measured, the rule, and for which series it fires when it is evaluated at the minute. */
export type MetricRuleCase = [what: string, rule: string, measured: Measurement[], series: string[], at: number];

type AtMinute15 = [what: string, rule: string, measured: Measurement[], series: string[]];
const ofBasicAlerts: AtMinute15[] = [
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
  ...['service-bus-errors', 'throttled'].flatMap((rule): AtMinute15[] => {
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

/** A queue over half an hour: what waits in it at three times, and what was completed at the last. */
const queue = (dimensions: { EntityName: string }, waiting: readonly number[], completed = 0): Measurement[] => [
  ...waiting.map((value, at): Measurement => [at * 14 + 1, 'ActiveMessages', value, dimensions]),
  [29, 'CompleteMessage', completed, dimensions],
];

const backlog: [what: string, measured: Measurement[], series: string[]][] = [
  ['a queue that was never empty and completed nothing', queue(parcels, [1, 2, 1]), ['parcels']],
  ['one that was empty for a moment at the beginning', queue(parcels, [0, 2, 1]), []],
  ['one that completed a message', queue(parcels, [1, 2, 1], 1), []],
  ['one beside a queue that completes', [...queue(parcels, [1, 2, 1]), ...queue(letters, [9, 9, 9], 5)], ['parcels']],
  ['two of them', [...queue(parcels, [1, 2, 1]), ...queue(letters, [9, 9, 9])], ['letters', 'parcels']],
];

const mebibytes = (at: number, count: number): Measurement => [at, 'WorkingSetBytes', count * 1024 * 1024];
const memory: AtMinute15[] = [
  ['more than four fifths of 1 GiB for a moment', 'memory', [mebibytes(0, 820), mebibytes(14, 100)], ['all']],
  ['less than that', 'memory', [mebibytes(0, 819), mebibytes(14, 819)], []],
  ['more than that before the window', 'memory', [mebibytes(-1, 1000), mebibytes(14, 100)], []],
];

/** Measurements for the metric rules, except those that no store of metrics can try: a learned threshold and locations. */
export const metricRuleCases: readonly MetricRuleCase[] = [
  ...[...ofBasicAlerts, ...memory].map((each): MetricRuleCase => [...each, 15]),
  ...backlog.map(([what, ...rest]): MetricRuleCase => [what, 'backlog', ...rest, 30]),
];
