import { casesOf, type RuleCase, ruleClock } from './alert-rule-cases.fixture.ts';
import { azureRows, times, type WrittenColumns } from './azure-rows.fixture.ts';

const { security } = azureRows(ruleClock);

const refused = (columns: WrittenColumns) =>
  security({
    Event: 'authentication-failed',
    Fingerprint: 'f1',
    Route: 'POST /parcels',
    Reason: 'missing-token',
    ...columns,
  });

const burst = casesOf('authentication-failure-burst', [
  ['fires', 'a client with one refusal too many, over minutes', times(51, refused({ minutesAgo: 9 })), ['app,f1']],
  [
    'fires',
    'calls without a right to the route',
    times(51, refused({ minutesAgo: 2, Event: 'authorization-refused' })),
    ['app,f1'],
  ],
  [
    'fires',
    'refusals of both kinds together',
    [
      ...times(26, refused({ minutesAgo: 14 })),
      ...times(26, refused({ minutesAgo: 1, Event: 'authorization-refused' })),
    ],
    ['app,f1'],
  ],
  [
    'is quiet',
    'two clients that share them',
    [...times(40, refused({ minutesAgo: 2 })), ...times(40, refused({ minutesAgo: 2, Fingerprint: 'f2' }))],
    [],
  ],
  [
    'is quiet',
    'two services that share them',
    [...times(40, refused({ minutesAgo: 2 })), ...times(40, refused({ minutesAgo: 2, Service: 'other' }))],
    [],
  ],
  ['is quiet', 'refusals before the period', times(200, refused({ minutesAgo: 16 })), []],
  ['is quiet', 'a client that is too fast', times(200, refused({ minutesAgo: 2, Event: 'rate-limited' })), []],
  ['exactly at the threshold', 'fifty refusals', times(50, refused({ minutesAgo: 2 })), []],
  ['rows that stand for several', 'one row for a minute', [refused({ minutesAgo: 2, Calls: 51 })], ['app,f1']],
  ['no rows', '', [], []],
]);

const dead = (columns: WrittenColumns) =>
  security({ Event: 'dead-lettered', Producer: 'p1', Source: 'parcels', Reason: 'MalformedMessage', ...columns });

const poisoning = casesOf('dead-letter-poisoning', [
  ['fires', 'twenty messages that cannot be read', times(20, dead({ minutesAgo: 25 })), ['app,p1']],
  [
    'fires',
    'messages that came by another way',
    times(20, dead({ minutesAgo: 2, Producer: 'unknown' })),
    ['app,unknown'],
  ],
  [
    'fires',
    'several queues and reasons together',
    [
      ...times(10, dead({ minutesAgo: 2 })),
      ...times(10, dead({ minutesAgo: 2, Source: 'letters', Reason: 'MaxDeliveryCountExceeded' })),
    ],
    ['app,p1'],
  ],
  [
    'fires',
    'messages of two replicas together',
    [...times(10, dead({ minutesAgo: 2, Instance: 'a' })), ...times(10, dead({ minutesAgo: 2, Instance: 'b' }))],
    ['app,p1'],
  ],
  [
    'is quiet',
    'dead letters of the broker, which two replicas found',
    ['a', 'b'].flatMap((Instance) => times(15, dead({ minutesAgo: 2, Instance, Reason: 'MaxDeliveryCountExceeded' }))),
    [],
  ],
  [
    'is quiet',
    'messages without a session, which two replicas found',
    ['a', 'b'].flatMap((Instance) => times(15, dead({ minutesAgo: 2, Instance, Reason: 'Session ID is null' }))),
    [],
  ],
  ['is quiet', 'a dependency that is down', times(200, dead({ minutesAgo: 2, Reason: 'RetriesExhausted' })), []],
  ['is quiet', 'messages that grew too old', times(200, dead({ minutesAgo: 2, Reason: 'TTLExpiredException' })), []],
  [
    'is quiet',
    'two producers that share them',
    [...times(15, dead({ minutesAgo: 2 })), ...times(15, dead({ minutesAgo: 2, Producer: 'p2' }))],
    [],
  ],
  ['is quiet', 'dead letters before the period', times(200, dead({ minutesAgo: 31 })), []],
  [
    'is quiet',
    'dead letters that were replayed',
    times(200, dead({ minutesAgo: 2, Event: 'dead-letters-replayed' })),
    [],
  ],
  ['exactly at the threshold', 'one message less', times(19, dead({ minutesAgo: 2 })), []],
  ['rows that stand for several', 'one row for a minute', [dead({ minutesAgo: 2, Calls: 20 })], ['app,p1']],
  ['no rows', '', [], []],
]);

const day = 24 * 60;
const replayed = (columns: WrittenColumns) =>
  security({ Event: 'dead-letters-replayed', Actor: 'o1', Source: 'parcels', Calls: 3, ...columns });

const newPrincipal = casesOf('replay-by-new-principal', [
  ['fires', 'a first replay', [replayed({ minutesAgo: 90 })], ['o1']],
  ['fires', 'a first purge', [replayed({ minutesAgo: 1, Event: 'dead-letters-purged' })], ['o1']],
  [
    'fires',
    'one beside another who is known',
    [
      replayed({ minutesAgo: 3 * day, Actor: 'o2' }),
      replayed({ minutesAgo: 9, Actor: 'o2' }),
      replayed({ minutesAgo: 9 }),
    ],
    ['o1'],
  ],
  [
    'fires',
    'one whose last replay is more than fourteen days ago',
    [replayed({ minutesAgo: 14 * day + 1 }), replayed({ minutesAgo: 5 })],
    ['o1'],
  ],
  [
    'is quiet',
    'one who replayed thirteen days ago',
    [replayed({ minutesAgo: 13 * day }), replayed({ minutesAgo: 5 })],
    [],
  ],
  [
    'is quiet',
    'one who purged before',
    [replayed({ minutesAgo: 8 * day, Event: 'dead-letters-purged' }), replayed({ minutesAgo: 5 })],
    [],
  ],
  ['is quiet', 'a first replay that earlier checks told', [replayed({ minutesAgo: 121 })], []],
  ['is quiet', 'a service that starts', [replayed({ minutesAgo: 5, Event: 'service-started', Actor: '' })], []],
  ['exactly at the threshold', 'a first replay two hours ago', [replayed({ minutesAgo: 120 })], []],
  ['rows that stand for several', 'many messages of one command', [replayed({ minutesAgo: 5, Calls: 10_000 })], ['o1']],
  ['no rows', '', [], []],
]);

/** Rows for the analytics rules on security events. */
export const securityRuleCases: readonly RuleCase[] = [...burst, ...poisoning, ...newPrincipal];
