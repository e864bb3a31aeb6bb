import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { createTokenVerifier } from '../../../../src/observability/modules/bearer-tokens/token-verifier.ts';
import { maySeeDetails, type TokenVerifier } from '../../../../src/platform/callers.ts';
import { guarded } from './guarded-host.ts';
import { audience, role, tokenIssuer } from './token-issuer.ts';

function passes(verifier: TokenVerifier, token: string | undefined): Promise<boolean> {
  const request = new IncomingMessage(new Socket());
  if (token !== undefined) request.headers.authorization = `Bearer ${token}`;
  return maySeeDetails(request, verifier);
}

test('a good token lets in, the scheme in any case, and the keys are fetched once', async () => {
  const { issuer, ask } = await guarded();
  const token = await issuer.token();
  for (const scheme of ['Bearer', 'bearer', 'BEARER ']) expect((await ask(`${scheme} ${token}`)).status).toBe(200);
  expect(issuer.asked).toEqual(['/tenant/.well-known/openid-configuration', '/keys']);
});

test('who brings no token is told to, without an error code', async () => {
  const { ask } = await guarded();
  for (const answer of [await ask(), await ask('Basic dXNlcjpwdw==')]) {
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toMatchObject({ type: 'unauthorized', status: 401 });
  }
});

test('a token that is expired, foreign, for another audience, not yet valid or without an end is refused', async () => {
  const { issuer, ask, host } = await guarded();
  const other = await tokenIssuer();
  const cases: [string, string][] = [
    [await issuer.token({ expires: '-2m' }), 'The token has expired.'],
    [await issuer.token({ claims: { aud: 'api://other' } }), 'The token is meant for another audience.'],
    [await issuer.token({ claims: { iss: 'https://other.example' } }), 'The token is from another issuer.'],
    [await issuer.token({ claims: { nbf: Math.floor(Date.now() / 1000) + 120 } }), 'The token is not valid.'],
    [await other.token({ claims: { iss: issuer.issuer } }), 'The token is not valid.'],
    [await issuer.token({ header: { kid: 'unknown' } }), 'The token is not valid.'],
    [`${await issuer.token()}x`, 'The token is not valid.'],
    ['not-a-token', 'The token is not valid.'],
    ['', 'The token is not valid.'],
  ];
  for (const [token, detail] of cases) {
    const answer = await ask(`Bearer ${token}`);
    expect(answer.status, detail).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await answer.json()).toEqual({ type: 'unauthorized', title: 'Unauthorized', status: 401, detail });
  }
  expect(host.log.lines).toEqual([]);
});

test('a token without an expiry is refused', async () => {
  const issuer = await tokenIssuer();
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  issuer.keys.push({ ...(await exportJWK(publicKey)), kid: 'rsa' });
  const verifier = createTokenVerifier({ issuer: issuer.issuer, audience, roles: [] });
  const sign = (token: SignJWT) => token.setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'rsa' }).sign(privateKey);
  const claims = { iss: issuer.issuer, aud: audience, azp: 'client' };
  expect(await passes(verifier, await sign(new SignJWT(claims).setExpirationTime('1m')))).toBe(true);
  expect(await passes(verifier, await sign(new SignJWT(claims)))).toBe(false);
});

test('an ID token is refused, and so is every other that was not issued for an API', async () => {
  const { issuer, ask } = await guarded();
  const none = { azp: undefined };
  const cases: Parameters<typeof issuer.token>[0][] = [
    { claims: { ...none, nonce: 'n', preferred_username: 'guest' } },
    { claims: { ...none, scp: role } },
    { claims: { azp: '' } },
    { claims: { azp: 17 } },
    { claims: { nonce: 'n' } },
    { claims: { roles: role } },
    { header: { typ: undefined } },
    { header: { typ: 'logout+jwt' } },
    { header: { typ: 'at+jwt+x' } },
  ];
  for (const changes of cases) {
    const answer = await ask(`Bearer ${await issuer.token(changes)}`);
    expect(answer.status, JSON.stringify(changes)).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('not an access token') });
  }
});

test('both types of access tokens pass, written in full or not', async () => {
  const { issuer, status } = await guarded();
  for (const typ of ['JWT', 'jwt', 'at+jwt', 'application/at+jwt', 'application/JWT']) {
    expect(await status(await issuer.token({ header: { typ } })), typ).toBe(200);
  }
});

test('an application that calls for itself needs the role, and one that calls for a user the scope', async () => {
  const { issuer, ask } = await guarded({ roles: [role, 'Parcels.Admin'] });
  const refused = [
    { roles: undefined },
    { roles: [] },
    { roles: ['Parcels.Read', 'parcels.send', `${role}er`] },
    { scp: '', roles: undefined },
    { scp: 'Parcels.Read' },
    { scp: 'Parcels.Read openid', roles: [role] },
  ];
  for (const claims of refused) {
    const answer = await ask(`Bearer ${await issuer.token({ claims })}`);
    expect(answer.status, JSON.stringify(claims)).toBe(403);
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="Parcels.Send Parcels.Admin"',
    );
    const detail = 'The token carries none of these roles or scopes: Parcels.Send, Parcels.Admin.';
    expect(await answer.json()).toEqual({ type: 'forbidden', title: 'Forbidden', status: 403, detail });
  }
  const accepted = [
    { roles: ['Parcels.Read', 'Parcels.Admin'] },
    { scp: `Parcels.Read ${role}`, roles: undefined },
    { scp: role, nonce: 'n' },
  ];
  for (const claims of accepted) {
    expect((await ask(`Bearer ${await issuer.token({ claims })}`)).status, JSON.stringify(claims)).toBe(200);
  }
});

test('where one role is asked for, a token without any is refused, and where none is, it passes', async () => {
  for (const [roles, expected] of [[[role], 403] as const, [[], 200] as const]) {
    const { issuer, status } = await guarded({ roles: [...roles] });
    expect(await status(await issuer.token({ claims: { roles: undefined } }))).toBe(expected);
  }
});

test('routes know the application that calls and for whom, from tokens of both versions of Entra', async () => {
  // A v2 issuer ends with /v2.0 and names the client in azp, a v1 issuer ends with a slash and names it in appid.
  const versions = [
    { path: '/tenant/v2.0', claims: { ver: '2.0', azp: 'app', oid: 'person', scp: role } },
    { path: '/tenant/', claims: { ver: '1.0', azp: undefined, appid: 'app', oid: 'person', scp: role } },
  ];
  for (const { path, claims } of versions) {
    const { issuer, ask } = await guarded({ path });
    expect(issuer.issuer.endsWith(path)).toBe(true);
    const answer = await ask(`Bearer ${await issuer.token({ claims })}`);
    expect(await answer.json(), path).toEqual({ client: 'app', object: 'person' });
    expect(issuer.asked[0]).toBe(`${path.replace(/\/$/, '')}/.well-known/openid-configuration`);
  }
});

test('clocks may differ by less than a minute', async () => {
  const { issuer, status } = await guarded();
  expect(await status(await issuer.token({ expires: '-30s' }))).toBe(200);
  expect(await status(await issuer.token({ claims: { nbf: Math.floor(Date.now() / 1000) + 30 } }))).toBe(200);
});

test('a token without a signature or signed with a shared secret is refused and not even looked up', async () => {
  const { issuer, status } = await guarded();
  const claims = { iss: issuer.issuer, aud: audience };
  const unsigned = new UnsecuredJWT(claims).setExpirationTime('5m').encode();
  const secret = new TextEncoder().encode(JSON.stringify(issuer.keys[0]));
  const shared = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'first' })
    .setExpirationTime('5m')
    .sign(secret);
  expect(await status(unsigned)).toBe(401);
  expect(await status(shared)).toBe(401);
  expect(issuer.asked).toEqual([]);
});

test('with tokens a good one is authenticated, everything else is not, and nothing throws', async () => {
  const issuer = await tokenIssuer();
  const verifier = createTokenVerifier({ issuer: issuer.issuer, audience, roles: [role] });
  expect(await passes(verifier, await issuer.token())).toBe(true);
  expect(await passes(verifier, 'nonsense')).toBe(false);
  expect(await passes(verifier, undefined)).toBe(false);
  const unreachable = createTokenVerifier({ issuer: 'http://127.0.0.1:1', audience, roles: [] });
  expect(await passes(unreachable, await issuer.token())).toBe(false);
});
