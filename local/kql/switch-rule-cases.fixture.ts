import type { Row } from '../application-insights/index.ts';
import { casesOf, ruleClock } from './alert-rule-cases.fixture.ts';
import { azureRows, type WrittenColumns } from './azure-rows.fixture.ts';

const { security } = azureRows(ruleClock);
const day = 24 * 60;

const seen = (columns: WrittenColumns) => security({ Event: 'caller-seen', Calls: 1, Callers: 0, ...columns });
const shape = (columns: WrittenColumns) => security({ Event: 'traffic-shape', Route: 'POST /a', ...columns });
const range = (length: number) => Array.from({ length }, (_, at) => at);
/** Without rows of thirteen days ago the rules say nothing. */
const old = [seen({ minutesAgo: 13.5 * day, Fingerprint: 'f0', Caller: 'c0' })];

/** Calls on a route at a time, and accounts that were seen. */
const on = (Fingerprint: string, Route: string, daysAgo: number, Calls = 20) =>
  shape({ minutesAgo: daysAgo * day, Fingerprint, Route, Calls });
const accountsOf = (Fingerprint: string, count: number) =>
  range(count).map((at) => seen({ minutesAgo: 8 * day, Fingerprint, Caller: `${Fingerprint}-${at}` }));
const limited = (Fingerprint: string, daysAgo = 6, Calls = 1) =>
  security({ Event: 'rate-limited', Route: 'POST /a', minutesAgo: daysAgo * day, Fingerprint, Calls });
/** Used one route, was refused six days ago, and has another one since four days ago. */
const switching = (Fingerprint: string, accounts: number): Row[] => [
  ...[...accountsOf(Fingerprint, accounts), limited(Fingerprint)],
  ...[on(Fingerprint, 'POST /a', 10), on(Fingerprint, 'POST /a', 7)],
  ...[on(Fingerprint, 'POST /b', 4), on(Fingerprint, 'POST /b', 1)],
];
/** Moved from one route to the other with no limit. */
const moving = (Fingerprint: string, accounts: number, calls = 20): Row[] => [
  ...accountsOf(Fingerprint, accounts),
  ...[on(Fingerprint, 'POST /a', 10, calls), on(Fingerprint, 'POST /b', 1, calls)],
];

/** Rows for `extraction-switch-after-limit`. */
export const switchRuleCases = casesOf('extraction-switch-after-limit', [
  ['fires', 'a client of ten accounts', [...old, ...switching('f1', 10)], ['f1']],
  [
    'fires',
    'two clients on one day, of which one is older',
    [...old, ...switching('f1', 5), ...switching('f2', 5), on('f2', 'POST /a', 12)],
    ['f1', 'f2'],
  ],
  [
    'fires',
    'a few that moved before, and many who hardly called',
    [...old, ...switching('f1', 10), ...moving('f2', 18), ...moving('f3', 40, 9)],
    ['f1'],
  ],
  ['is quiet', 'nine accounts', [...old, ...switching('f1', 9)], []],
  [
    'is quiet',
    'a switch without a limit',
    [...old, ...switching('f1', 10).filter(({ Event }) => Event !== 'rate-limited')],
    [],
  ],
  [
    'is quiet',
    'refused calls of a route that was not the main one',
    [
      ...old,
      ...accountsOf('f1', 10),
      limited('f1', 6.1, 30),
      ...[on('f1', 'POST /a', 7, 4), on('f1', 'POST /c', 7, 6), on('f1', 'POST /b', 4), on('f1', 'POST /b', 1)],
    ],
    [],
  ],
  ['is quiet', 'a client that stays', [...old, ...switching('f1', 10), on('f1', 'POST /a', 4, 60)], []],
  [
    'is quiet',
    'a migration, though some of the others were refused elsewhere',
    [
      ...old,
      ...switching('f1', 10),
      ...moving('f2', 19),
      security({ Event: 'rate-limited', Route: 'POST /c', minutesAgo: 11 * day, Fingerprint: 'f2', Calls: 900 }),
    ],
    [],
  ],
  [
    'is quiet',
    'two clients on different days',
    [
      ...old,
      ...switching('f1', 5),
      ...switching('f2', 5).filter(({ Route, Event }) => Event !== 'traffic-shape' || Route === 'POST /a'),
      ...[on('f2', 'POST /b', 3), on('f2', 'POST /b', 1)],
    ],
    [],
  ],
  ['is quiet', 'what was too much to tell apart', [...old, ...switching('other', 10)], []],
  ['is quiet', 'a table of twelve days', switching('f1', 10), []],
  [
    'exactly at the threshold',
    'ten calls before and after',
    [...[...old, ...accountsOf('f1', 10), limited('f1')], ...[on('f1', 'POST /a', 7, 10), on('f1', 'POST /b', 4, 10)]],
    ['f1'],
  ],
  [
    'rows that stand for several',
    'rows of two processes',
    [...old, ...switching('f1', 10), ...switching('f1', 10)],
    ['f1'],
  ],
  ['no rows', '', [], []],
]);
