import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { inspect } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test, vi } from 'vitest';
import type { TokenVerifier } from '../../src/platform/token-verifier.ts';
import { createTokenVerifier } from '../../src/platform/tokens.ts';
import { runningHost } from './running-host.ts';
import { audience, type TokenIssuer, tokenIssuer } from './token-issuer.ts';

/** A service that asks for tokens of a running issuer. */
async function guarded(options: Partial<Parameters<typeof createTokenVerifier>[0]> = {}) {
  const issuer = await tokenIssuer();
  const tokens = createTokenVerifier({ issuer: issuer.issuer, audience, ...options });
  const host = await runningHost(
    (router) => {
      router.get('/files', (_request, response) => {
        response.json('let in');
      });
    },
    { tokens },
  );
  const ask = (authorization?: string) =>
    fetch(`${host.url}/files`, authorization === undefined ? {} : { headers: { authorization } });
  return { issuer, host, ask, status: async (token: string) => (await ask(`Bearer ${token}`)).status };
}

function passes(verifier: TokenVerifier, token: string | undefined): Promise<boolean> {
  const request = new IncomingMessage(new Socket());
  if (token !== undefined) request.headers.authorization = `Bearer ${token}`;
  return verifier.authenticated(request);
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
    [await issuer.token({ kid: 'unknown' }), 'The token is not valid.'],
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
  const verifier = createTokenVerifier({ issuer: issuer.issuer, audience });
  const sign = (token: SignJWT) => token.setProtectedHeader({ alg: 'RS256', kid: 'rsa' }).sign(privateKey);
  const claims = { iss: issuer.issuer, aud: audience };
  expect(await passes(verifier, await sign(new SignJWT(claims).setExpirationTime('1m')))).toBe(true);
  expect(await passes(verifier, await sign(new SignJWT(claims)))).toBe(false);
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
  const { issuer, ask, host, status } = await guarded();
  const token = await issuer.token();
  issuer.mode = 'down';
  const answer = await ask(`Bearer ${token}`);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ type: 'token-issuer-unavailable', status: 503 });
  const [line] = host.log.lines;
  expect(String(line?.fields.error)).toContain(
    `the signing keys of ${issuer.issuer} cannot be read: its discovery document answers 503`,
  );
  expect(everythingIn(host.log.lines)).not.toContain(token.split('.')[1]);
  expect(everythingIn(host.log.lines)).not.toContain('secret-person');
  issuer.mode = 'ok';
  await vi.waitFor(async () => expect(await status(token)).toBe(200), { timeout: 5_000 });
});

test('an issuer that does not answer is 503 too, after the timeout', async () => {
  const { issuer, host, status } = await guarded({ timeoutMs: 100 });
  issuer.mode = 'silent';
  expect(await status(await issuer.token())).toBe(503);
  expect(String(host.log.lines[0]?.fields.error)).toContain('timeout');
});

test('a flood of tokens while the issuer is down does not become a flood at the issuer', async () => {
  const { issuer, status } = await guarded();
  issuer.mode = 'down';
  const token = await issuer.token();
  for (let i = 0; i < 20; i += 1) expect(await status(token)).toBe(503);
  expect(issuer.asked.length).toBeLessThan(5);
});

test('a short outage of the issuer goes unnoticed once its keys are known', async () => {
  const { issuer, status } = await guarded({ refreshMs: 1 });
  expect(await status(await issuer.token())).toBe(200);
  issuer.mode = 'down';
  const asked = issuer.asked.length;
  while (issuer.asked.length === asked) expect(await status(await issuer.token())).toBe(200);
  expect(await status(await issuer.token())).toBe(200);
});

test('a new key of the issuer is found when a token brings it', async () => {
  const { issuer, status } = await guarded({ cooldownMs: 0 });
  const old = await issuer.token();
  expect(await status(old)).toBe(200);
  await issuer.rotate('second');
  expect(await status(await issuer.token())).toBe(200);
  expect(await status(old)).toBe(401);
});

test('a key that the issuer withdrew is dropped by the refresh in the background', async () => {
  const { issuer, status } = await guarded({ refreshMs: 1 });
  const old = await issuer.token();
  expect(await status(old)).toBe(200);
  await issuer.rotate('second');
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
  const verifier = (issuer: string) => () => createTokenVerifier({ issuer, audience });
  expect(verifier('http://login.example/tenant')).toThrow(
    'TOKEN_ISSUER is "http://login.example/tenant": it must be an https:// address',
  );
  expect(verifier('http://127.0.0.1.example')).toThrow('TOKEN_ISSUER');
  expect(verifier('login.example')).toThrow('TOKEN_ISSUER');
  expect(verifier('https://login.example/tenant')).not.toThrow();
  expect(verifier('http://localhost:1/')).not.toThrow();
  expect(verifier('http://[::1]:1/')).not.toThrow();
  expect(() => createTokenVerifier({ issuer: 'https://login.example', audience: '' })).toThrow('TOKEN_AUDIENCE');
});

test('with tokens a good one is authenticated, everything else is not, and nothing throws', async () => {
  const issuer = await tokenIssuer();
  const verifier = createTokenVerifier({ issuer: issuer.issuer, audience });
  expect(await passes(verifier, await issuer.token())).toBe(true);
  expect(await passes(verifier, 'nonsense')).toBe(false);
  expect(await passes(verifier, undefined)).toBe(false);
  const unreachable = createTokenVerifier({ issuer: 'http://127.0.0.1:1', audience });
  expect(await passes(unreachable, await issuer.token())).toBe(false);
});
