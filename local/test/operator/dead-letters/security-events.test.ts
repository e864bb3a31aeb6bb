import { expect, test } from 'vitest';
import { dying, startBench } from './operator-bench.ts';

test.concurrent('at level 5 a replay and a purge are each one row a source for the SIEM', async (context) => {
  const { bury, launch, insights } = await startBench(context, { level: 5, withSecurityLogs: true });
  await bury(dying(3));
  const replay = await launch('replay --yes --max 2 --actor ann').ended;
  const purge = await launch('purge --yes --actor ann').ended;
  expect([replay.code, purge.code]).toEqual([0, 0]);
  const rows = insights.rows('ServiceSecurity_CL');
  expect(rows).toEqual([
    expect.objectContaining({ Event: 'dead-letters-replayed', Source: 'parcels', Calls: 2, Actor: 'local' }),
    expect.objectContaining({ Event: 'dead-letters-purged', Source: 'parcels', Calls: 1, Actor: 'local' }),
  ]);
  for (const row of rows) expect(row).toMatchObject({ Service: 'dead-letters', Level: 5 });
});

test.concurrent('below level 5, and in a dry run, the SIEM is told nothing', async (context) => {
  const { bury, launch, insights } = await startBench(context, { level: 4, withSecurityLogs: true });
  await bury(dying(1));
  await launch('replay').ended;
  await launch('replay --yes').ended;
  expect(insights.rows('ServiceSecurity_CL')).toEqual([]);
});

test.concurrent('at level 5 without an endpoint for the SIEM the operator is told so', async (context) => {
  const { bury, launch } = await startBench(context, { level: 5 });
  await bury(dying(1));
  expect((await launch('replay --yes').ended).stderr).toContain('set SECURITY_LOGS_ENDPOINT and SECURITY_LOGS_RULE');
});

test.concurrent('the dead letters are changed also when the SIEM cannot be told', async (context) => {
  const { bury, launch, insights, deadIds } = await startBench(context, { level: 5, withSecurityLogs: true });
  await bury(dying(1));
  await insights.faults.mode('402');
  const { code, stderr } = await launch('purge --yes').ended;
  expect([code, deadIds()]).toEqual([0, []]);
  expect(stderr).toContain('security events cannot be sent');
});
