import type { Row } from '../application-insights/index.ts';
import { casesOf, type RuleCase, ruleClock } from './alert-rule-cases.fixture.ts';
import { azureRows, type WrittenColumns } from './azure-rows.fixture.ts';
import { switchRuleCases } from './switch-rule-cases.fixture.ts';

const { security } = azureRows(ruleClock);
const hour = 60;
const day = 24 * hour;

const seen = (columns: WrittenColumns) => security({ Event: 'caller-seen', Calls: 1, Callers: 0, ...columns });
const shape = (columns: WrittenColumns) => security({ Event: 'traffic-shape', Route: 'POST /a', ...columns });
const range = (length: number) => Array.from({ length }, (_, at) => at);
/** Without rows of thirteen days ago the rules say nothing. */
const old = [seen({ minutesAgo: 13.5 * day, Fingerprint: 'f0', Caller: 'c0' })];

/** Accounts that call with one fingerprint on each of the last days. */
const calling = (accounts: number, days: number, columns: object = {}): Row[] =>
  range(accounts).flatMap((account) =>
    range(days).map((each) =>
      seen({ minutesAgo: each * day + hour, Fingerprint: 'f1', Caller: `c${account + 1}`, ...columns }),
    ),
  );
/** The traffic of a day, in these hours back from now. */
const dayOf = (hours: readonly number[], columns: object = {}): Row[] =>
  hours.map((back) => shape({ minutesAgo: back * hour + 31, Fingerprint: 'f1', Calls: 9, Callers: 5, ...columns }));
const allDay = range(24);

const sharedFingerprint = casesOf('extraction-shared-fingerprint', [
  ['fires', 'five young accounts day and night', [...old, ...calling(5, 10), ...dayOf(allDay)], ['f1']],
  [
    'fires',
    'young accounts beside as many old ones',
    [
      ...old,
      ...calling(6, 10),
      ...range(3).map((at) => seen({ minutesAgo: 13.5 * day, Fingerprint: 'f0', Caller: `c${at + 1}` })),
      ...dayOf(allDay),
    ],
    ['f1'],
  ],
  ['is quiet', 'four accounts', [...old, ...calling(4, 10), ...dayOf(allDay)], []],
  [
    'is quiet',
    'accounts that were there before with another client',
    [
      ...old,
      ...range(3).map((at) => seen({ minutesAgo: 13.5 * day, Fingerprint: 'f0', Caller: `c${at + 1}` })),
      ...calling(5, 10),
      ...dayOf(allDay),
    ],
    [],
  ],
  [
    'is quiet',
    'accounts that rest every other day',
    [...old, ...calling(5, 10).filter((_, at) => at % 2 === 1), ...dayOf(allDay)],
    [],
  ],
  [
    'is quiet',
    'one hour of the day without a call, though accounts are seen in it',
    [...old, ...calling(5, 10, { Callers: 5 }), ...dayOf(allDay.filter((back) => back !== 0))],
    [],
  ],
  [
    'is quiet',
    'nights with few callers',
    [...old, ...calling(5, 10), ...dayOf(allDay.slice(0, 16)), ...dayOf(allDay.slice(16), { Callers: 1 })],
    [],
  ],
  [
    'is quiet',
    'what was too much to tell apart',
    [...old, ...calling(5, 10, { Fingerprint: 'other' }), ...dayOf(allDay, { Fingerprint: 'other' })],
    [],
  ],
  ['is quiet', 'a table of ten days', [...calling(5, 10), ...dayOf(allDay)], []],
  [
    'exactly at the threshold',
    'the quietest hour has four tenths of the mean',
    [...old, ...calling(5, 10), ...dayOf([0], { Callers: 23 * 2 }), ...dayOf(allDay.slice(1), { Callers: 118 })],
    ['f1'],
  ],
  [
    'rows that stand for several',
    'rows of two processes',
    [...old, ...calling(5, 10), ...calling(5, 10), ...dayOf(allDay), ...dayOf(allDay)],
    ['f1'],
  ],
  ['no rows', '', [], []],
]);

/** Accounts with a client of their own each: f1 to f8. */
const each = (
  accounts: number,
  rowsOf: (columns: { Fingerprint: string; Caller: string }, at: number) => readonly Row[],
) => range(accounts).flatMap((at) => rowsOf({ Fingerprint: `f${at + 1}`, Caller: `own${at + 1}` }, at));
const thirds = [1, 9, 17];
const alone = (columns: { Fingerprint: string; Caller: string }, route = 'POST /a'): Row[] => [
  ...calling(1, 10, columns),
  ...dayOf(thirds, { Fingerprint: columns.Fingerprint, Route: route }),
];
const names = (count: number) => range(count).map((at) => `f${at + 1}`);

const youngAccounts = casesOf('extraction-young-accounts', [
  ['fires', 'eight accounts with the same traffic', [...old, ...each(8, (columns) => alone(columns))], names(8)],
  [
    'fires',
    'accounts whose routes were different before',
    [
      ...old,
      ...each(8, (columns, at) => [
        ...alone(columns),
        shape({ minutesAgo: 5 * day, Fingerprint: columns.Fingerprint, Route: `POST /${at}`, Calls: 900, Callers: 0 }),
      ]),
    ],
    names(8),
  ],
  ['is quiet', 'seven accounts', [...old, ...each(7, (columns) => alone(columns))], []],
  [
    'is quiet',
    'seven accounts and what has no account',
    [
      ...old,
      ...each(7, (columns) => alone(columns)),
      ...each(1, () => [...calling(1, 10, { Fingerprint: 'f9', Caller: '' }), ...dayOf(thirds, { Fingerprint: 'f9' })]),
    ],
    [],
  ],
  [
    'is quiet',
    'accounts with different routes',
    [...old, ...each(8, (columns, at) => alone(columns, at % 2 ? 'POST /a' : 'POST /b'))],
    [],
  ],
  [
    'is quiet',
    'accounts with two routes each',
    [
      ...old,
      ...each(8, (columns) => [
        ...alone(columns),
        ...dayOf(thirds, { Fingerprint: columns.Fingerprint, Route: 'POST /b', Calls: 8 }),
      ]),
    ],
    [],
  ],
  [
    'is quiet',
    'accounts that call in the morning alone',
    [
      ...old,
      ...each(8, (columns) => [...calling(1, 10, columns), ...dayOf([1, 2, 3], { Fingerprint: columns.Fingerprint })]),
    ],
    [],
  ],
  [
    'is quiet',
    'accounts that were there before',
    [...old, ...each(8, (columns) => [...alone(columns), seen({ minutesAgo: 13.5 * day, ...columns })])],
    [],
  ],
  [
    'is quiet',
    'what was too much to tell apart',
    [...old, ...calling(8, 10, { Fingerprint: 'other' }), ...dayOf(thirds, { Fingerprint: 'other' })],
    [],
  ],
  ['is quiet', 'a table of ten days', each(8, (columns) => alone(columns)), []],
  [
    'exactly at the threshold',
    'one route with seven tenths of the calls',
    [
      ...old,
      ...each(8, (columns) => [
        ...alone(columns).filter(({ Event }) => Event === 'caller-seen'),
        ...dayOf(thirds, { Fingerprint: columns.Fingerprint, Calls: 7 }),
        ...dayOf(thirds, { Fingerprint: columns.Fingerprint, Calls: 3, Route: 'POST /b' }),
      ]),
    ],
    names(8),
  ],
  [
    'rows that stand for several',
    'one client with all of the accounts',
    [...old, ...calling(8, 10), ...dayOf(thirds)],
    ['f1'],
  ],
  ['no rows', '', [], []],
]);

/** Rows for the analytics rules on coordinated extraction. */
export const extractionRuleCases: readonly RuleCase[] = [...sharedFingerprint, ...youngAccounts, ...switchRuleCases];
