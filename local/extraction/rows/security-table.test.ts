import { expect, test } from 'vitest';
import schema from '../../../infra/observability/log-analytics-schema.json' with { type: 'json' };
import { attackersOf, honestWorld, runAttackers } from '../world/drawn-world.ts';
import { aggregateRows } from './aggregate-rows.ts';
import { eventOf } from './row-columns.ts';
import { openSecurityTable, tableColumns, tableName } from './security-table.ts';

const ofWorkspace = ['TenantId', 'SourceSystem', 'Type'];

test('the table has the columns of the security workspace, and none that says whose a row is', () => {
  const own = schema.tables.ServiceSecurity_CL.columns.filter(
    ({ name }) => !ofWorkspace.includes(name) && !name.startsWith('_'),
  );
  expect(tableColumns).toEqual(Object.fromEntries(own.map(({ name, type }) => [name, type])));
});

test('a row of an attacker differs from one of a customer in its hashes, numbers and time alone', async () => {
  const world = honestWorld(3);
  const campaign = { fingerprints: 24_000, rate: 1, openedIn: 1, switchAfter: 2, prevalence: 0.001 };
  const [honest, attackers] = [aggregateRows(), aggregateRows()];
  for (let account = 0; account < 50; account++)
    honest.rows.add(eventOf.callerSeen, account + 1, account % 2, -1, account % 7, account, 1, 1, 0);
  runAttackers(world, campaign, attackersOf(world, campaign), attackers);
  const table = await openSecurityTable('test');
  await table.keep(honest.rows);
  await table.change(attackers.rows);
  const same = ['Service', 'Version', 'Level', 'Region', 'Client', 'Actor', 'Source', 'Producer', 'Reason', 'Identity'];
  for (const column of same) {
    const values = await table.ask(`SELECT DISTINCT "${column}" FROM "${tableName}" WHERE Event = 'caller-seen'`);
    expect(values, column).toHaveLength(1);
  }
  const odd = await table.ask(
    `SELECT * FROM "${tableName}" WHERE NOT regexp_full_match(Fingerprint, '[0-9a-f]{32}')
      OR (Event = 'caller-seen' AND NOT regexp_full_match(Caller, '[0-9a-f]{32}'))`,
  );
  expect(odd).toEqual([]);
  table.close();
});

test('what is beyond the bound of an hour and a process goes to one row a route', () => {
  const rows = aggregateRows({ bound: 2 });
  const [account] = honestWorld(3).accounts;
  if (!account) throw new Error('a world has accounts');
  for (const fingerprint of [1, 2, 3, 4])
    rows.called({ account, fingerprint, hour: 0, process: 0, route: 1, calls: 5, bytes: 10, minute: 0 });
  rows.hourEnds(0);
  const events = rows.rows.values(0, 0, rows.rows.length());
  const calls = [...rows.rows.values(6, 0, rows.rows.length())].filter((_, at) => events[at] === eventOf.trafficShape);
  expect(calls).toEqual([5, 5, 10]);
});
