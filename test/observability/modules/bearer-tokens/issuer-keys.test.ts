import { inspect } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTokenVerifier } from '../../../../src/observability/modules/bearer-tokens/token-verifier.ts';
import { guarded } from './guarded-host.ts';
import { audience, type TokenIssuer } from './token-issuer.ts';

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
