import { afterAll, expect, test } from 'vitest';
import { audience, role, tokenIssuer } from '../../../test/observability/modules/bearer-tokens/token-issuer.ts';
import { postParcel } from './post-parcel.ts';
import { endServices, startService } from './running-service.ts';
import { startStandIns } from './stand-ins.ts';

afterAll(endServices);

test('with an issuer of tokens a request needs a good one, probes need none, and a 401 is measured', async () => {
  const standIns = await startStandIns();
  const issuer = await tokenIssuer();
  const service = await startService(standIns, {
    config: { modules: { add: ['bearer-tokens'] } },
    env: { TOKEN_ISSUER: issuer.issuer, TOKEN_AUDIENCE: audience, TOKEN_ROLES: role },
  });
  const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const foreign = await issuer.token({ claims: { aud: 'api://others' } });

  for (const parcel of [{}, bearing('abc'), bearing(foreign)]) {
    const answer = await postParcel(service, { ...parcel, key: 'stranger' });
    expect(answer).toMatchObject({ status: 401, body: { type: 'unauthorized' } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  }
  const other = await issuer.token({ claims: { roles: ['Parcels.Read'] } });
  const forbidden = await postParcel(service, { ...bearing(other), key: 'stranger' });
  expect(forbidden).toMatchObject({ status: 403, body: { type: 'forbidden' } });
  const token = await issuer.token();
  const { status, body } = await postParcel(service, { ...bearing(token), key: 'friend' });
  expect(status).toBe(202);
  await standIns.settled();
  expect(standIns.placeOf(body.parcelId ?? '')).toBe('north');
  expect(standIns.destination.ledger.totals().entries).toBe(1);

  const statusOf = (path: string, headers = {}) => fetch(service.url + path, { headers }).then(({ status }) => status);
  expect(await statusOf('/health/ready')).toBe(200);
  expect(await statusOf('/health/details')).toBe(401);
  expect(await statusOf('/health/details', bearing(token).headers)).toBe(200);

  await standIns.rows('AppRequests', ({ Url, ResultCode }) => Boolean(Url) && ResultCode === '401', 3);
  expect(await service.stop()).toEqual({ code: 0, signal: null });
  const said = service.output() + JSON.stringify(standIns.insights.rows('AppRequests'));
  for (const part of token.split('.')) expect(said).not.toContain(part);
  for (const person of ['secret-person', 'secret-object']) expect(said).not.toContain(person);
  await standIns.stop();
});
