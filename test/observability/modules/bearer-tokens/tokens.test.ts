import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { inspect } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTokenVerifier } from '../../../../src/observability/modules/bearer-tokens/token-verifier.ts';
import { maySeeDetails, type TokenVerifier } from '../../../../src/platform/callers.ts';
import { runningHost } from '../../../platform/running-host.ts';
import { audience, role, type TokenIssuer, tokenIssuer } from './token-issuer.ts';

/** A service that asks for tokens of a running issuer, and answers who the caller is. */
async function guarded({ roles = [role], path }: { roles?: string[]; path?: string } = {}, timeoutMs?: number) {
  const issuer = await tokenIssuer(path);
  const tokens = createTokenVerifier({ issuer: issuer.issuer, audience, roles }, timeoutMs);
  const host = await runningHost(
    (router) => {
      router.get('/parcels', (_request, response) => {
        const { caller } = response.locals;
        response.json({ client: caller?.client, object: caller?.object });
      });
    },
    { tokens },
  );
  const ask = (authorization?: string) =>
    fetch(`${host.url}/parcels`, authorization === undefined ? {} : { headers: { authorization } });
  return { issuer, host, ask, status: async (token: string) => (await ask(`Bearer ${token}`)).status };
}

function passes(verifier: TokenVerifier, token: string | undefined): Promise<boolean> {
  const request = new IncomingMessage(new Socket());
  if (token !== undefined) request.headers.authorization = `Bearer ${token}`;
  return maySeeDetails(request, verifier);
}

const minute = 60_000;

/** A clock for the age of keys; timers and sockets keep the real one. */
function clock() {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return { advance: (ms: number) => vi.setSystemTime(Date.now() + ms) };
}

const everythingIn = (value: unknown) => inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true });

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

test('an issuer that is down is 503, logged with the reason and nothing of the token, and is asked again later', async () => {
  const { advance } = clock();
  const { issuer, ask, host, status } = await guarded();
  const token = await issuer.token();
  issuer.mode = 'down';
  const answer = await ask(`Bearer ${token}`);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ type: 'token-issuer-unavailable', status: 503 });
  const [line] = host.log.lines;
  expect(String(line?.fields.error)).toContain(
    `the signing keys of ${issuer.issuer} cannot be read: Error: its discovery document answers 503`,
  );
  expect(everythingIn(host.log.lines)).not.toContain(token.split('.')[1]);
  expect(everythingIn(host.log.lines)).not.toContain('secret-person');
  issuer.mode = 'ok';
  advance(5_000);
  expect(await status(token)).toBe(200);
});

test('an issuer that does not answer is 503 too, after the timeout', async () => {
  const { issuer, host, status } = await guarded({}, 100);
  issuer.mode = 'silent';
  expect(await status(await issuer.token())).toBe(503);
  expect(String(host.log.lines[0]?.fields.error)).toContain('timed out');
});

test('a flood of tokens with unknown key ids does not become a flood at the issuer, nor stops tokens with a known key', async () => {
  const { advance } = clock();
  const { issuer, status } = await guarded();
  const good = await issuer.token({ expires: '3h' });
  const unknown = await issuer.token({ header: { kid: 'unknown' }, expires: '3h' });
  const flood = async (expected: number) => {
    issuer.asked.length = 0;
    const answers = new Set<number>();
    for (let i = 0; i < 50; i += 1) answers.add(await status(unknown));
    expect([...answers]).toEqual([expected]);
    return issuer.asked.length;
  };
  expect(await flood(401), 'the issuer answers').toBe(2);
  issuer.mode = 'down';
  advance(6 * minute);
  expect(await flood(503), 'the issuer is down').toBe(1);
  expect(await status(good)).toBe(200);
  advance(5_000);
  expect(await flood(503), 'one attempt every five seconds').toBe(1);
  expect(await status(good)).toBe(200);
});

test('a flood of tokens before any key could be read is one attempt too', async () => {
  const { issuer, status } = await guarded();
  issuer.mode = 'down';
  const token = await issuer.token();
  for (let i = 0; i < 20; i += 1) expect(await status(token)).toBe(503);
  expect(issuer.asked).toHaveLength(1);
});

test('an outage of the issuer stops no caller with a known key for an hour, and every caller afterwards', async () => {
  const { advance } = clock();
  const { issuer, status } = await guarded();
  const token = await issuer.token({ expires: '3h' });
  expect(await status(token)).toBe(200);
  issuer.mode = 'down';
  advance(59 * minute);
  expect(await status(token)).toBe(200);
  advance(2 * minute);
  expect(await status(token)).toBe(503);
});

test('a new key of the issuer is found when a token brings it, once the keys are five minutes old', async () => {
  const { advance } = clock();
  const { issuer, status } = await guarded();
  expect(await status(await issuer.token())).toBe(200);
  await issuer.rotate('second');
  expect(await status(await issuer.token())).toBe(401);
  advance(5 * minute);
  expect(await status(await issuer.token())).toBe(200);
});

test('a key that the issuer withdrew is dropped by the refresh in the background', async () => {
  const { advance } = clock();
  const { issuer, status } = await guarded();
  const old = await issuer.token({ expires: '1h' });
  expect(await status(old)).toBe(200);
  await issuer.rotate('second');
  advance(5 * minute);
  await vi.waitFor(async () => expect(await status(old)).toBe(401));
});

test('a discovery document that is not about this issuer, or sends us to an insecure address, is not trusted', async () => {
  const cases: [(issuer: TokenIssuer) => Record<string, unknown>, string][] = [
    [(issuer) => ({ ...issuer.discovery, issuer: `${issuer.issuer}/` }), '/tenant/: set TOKEN_ISSUER to exactly that'],
    [(issuer) => ({ issuer: issuer.issuer, jwks_uri: 'http://keys.example/' }), 'it must be an https:// address'],
    [() => ({ hello: 'world' }), 'its discovery document has no issuer or no jwks_uri'],
  ];
  for (const [document, reason] of cases) {
    const { issuer, host, status } = await guarded();
    issuer.discovery = document(issuer);
    expect(await status(await issuer.token())).toBe(503);
    expect(String(host.log.lines[0]?.fields.error)).toContain(reason);
  }
});

test('an issuer that is no https address, or an empty audience, is refused at once', () => {
  const verifier = (issuer: string) => () => createTokenVerifier({ issuer, audience, roles: [] });
  expect(verifier('http://login.example/tenant')).toThrow(
    'TOKEN_ISSUER is "http://login.example/tenant": it must be an https:// address',
  );
  expect(verifier('http://127.0.0.1.example')).toThrow('TOKEN_ISSUER');
  expect(verifier('login.example')).toThrow('TOKEN_ISSUER');
  expect(verifier('https://login.example/tenant')).not.toThrow();
  expect(verifier('http://localhost:1/')).not.toThrow();
  expect(verifier('http://[::1]:1/')).not.toThrow();
  expect(() => createTokenVerifier({ issuer: 'https://login.example', audience: '', roles: [] })).toThrow(
    'TOKEN_AUDIENCE',
  );
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
