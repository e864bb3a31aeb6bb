import { afterAll, expect, test } from 'vitest';
import { audience, role, tokenIssuer } from '../../../../../test/observability/modules/bearer-tokens/token-issuer.ts';
import type { Row } from '../../../../application-insights/index.ts';
import { postParcel } from '../../../service/post-parcel.ts';
import { endServices, startService } from '../../../service/running-service.ts';
import { startStandIns } from '../../../service/stand-ins.ts';

afterAll(endServices);

const key = 'a-key-of-the-tests-long-enough-to-be-one';
const config = { level: 5, modules: { add: ['bearer-tokens', 'rate-limit'] }, securityEvents: { everySeconds: 1 } };

test('who calls, who is refused and whose messages die arrives in the security table, and nothing personal', async () => {
  const standIns = await startStandIns({ withSecurityLogs: true });
  const issuer = await tokenIssuer();
  const service = await startService(standIns, {
    config: { ...config, rateLimit: { requestsPerMinute: 3 } },
    env: {
      ...{ TOKEN_ISSUER: issuer.issuer, TOKEN_AUDIENCE: audience, TOKEN_ROLES: role },
      ...{ PERSONAL_DATA_KEY: key, AZURE_REGION: 'westeurope', SERVICE_NAME: 'tested' },
    },
  });
  const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const good = bearing(await issuer.token());
  const statuses = [
    await postParcel(service, { key: 'stranger' }),
    await postParcel(service, { key: 'stranger', ...bearing('abc') }),
    await postParcel(service, { key: 'reader', ...bearing(await issuer.token({ claims: { roles: ['Read'] } })) }),
    await postParcel(service, { key: 'plain', ...good }),
    await postParcel(service, { key: 'lost', depot: 'nowhere', ...good }),
    await postParcel(service, { key: 'third', ...good }),
    await postParcel(service, { key: 'fourth', ...good }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([401, 401, 403, 202, 202, 202, 429]);
  await standIns.settled();
  expect(await service.stop()).toEqual({ code: 0, signal: null });

  const rows = standIns.insights.rows('ServiceSecurity_CL');
  const calls = (event: string) =>
    rows.filter(({ Event }) => Event === event).reduce((sum, { Calls }) => sum + Number(Calls), 0);
  const one = (event: string, where: (row: Row) => boolean = () => true) =>
    rows.find((row) => row.Event === event && where(row));
  expect(Object.fromEntries([...new Set(rows.map(({ Event }) => String(Event)))].map((e) => [e, calls(e)]))).toEqual({
    ...{ 'service-started': 1, 'authentication-failed': 2, 'authorization-refused': 1, 'rate-limited': 1 },
    ...{ 'caller-seen': 1, 'dead-lettered': 1, 'traffic-shape': 7 },
  });
  const sender = { Service: 'tested', Version: expect.any(String), Level: 5, Region: 'westeurope' };
  for (const row of rows) expect(row).toMatchObject(sender);
  expect(one('authentication-failed', ({ Reason }) => Reason === 'invalid_token')).toBeTruthy();
  expect(one('authorization-refused')).toMatchObject({ Reason: 'insufficient_scope', Route: 'POST /parcels' });
  const caller = one('caller-seen')?.Caller;
  expect(one('caller-seen')).toMatchObject({
    Client: 'calling-application',
    Caller: expect.stringMatching(/^\w{32}$/),
  });
  expect(one('rate-limited')).toMatchObject({ Caller: caller });
  expect(one('dead-lettered')).toMatchObject({ Producer: caller, Source: 'parcels', Reason: expect.any(String) });
  expect(JSON.stringify(rows)).not.toMatch(/secret-person|secret-object/);
  // The uploads themselves leave no trace.
  const { port } = new URL(standIns.insights.securityLogs?.endpoint ?? '');
  expect(JSON.stringify(standIns.insights.rows('AppDependencies'))).not.toContain(port);
  await standIns.stop();
});

test('a message of another sender has an unknown producer', async () => {
  const standIns = await startStandIns({ withSecurityLogs: true });
  const service = await startService(standIns, { config: { level: 5, securityEvents: { everySeconds: 1 } } });
  const body = Buffer.from('no parcel');
  const properties = { 'obs-producer': 'a'.repeat(32) };
  const { ServiceBusClient } = await import('@azure/service-bus');
  const client = new ServiceBusClient(standIns.serviceBus.connectionString);
  await client.createSender('parcels').sendMessages({ messageId: 'x', body, applicationProperties: properties });
  const [row] = await standIns.rows('ServiceSecurity_CL', ({ Event }) => Event === 'dead-lettered');
  expect(row).toMatchObject({ Producer: 'unknown', Source: 'parcels', Calls: 1 });
  await client.close();
  await service.stop();
  await standIns.stop();
});

test('without the two settings the service says so once, and works', async () => {
  const standIns = await startStandIns();
  const service = await startService(standIns, { config: { level: 5 } });
  expect((await postParcel(service, { key: 'plain' })).status).toBe(202);
  await service.stop();
  expect(service.lines().filter(({ message }) => message.startsWith('no security events are sent'))).toHaveLength(1);
  await standIns.stop();
});
