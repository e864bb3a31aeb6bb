import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

export const audience = 'api://parcels';
export const role = 'Parcels.Send';

const caller = { azp: 'calling-application', oid: 'secret-object' };

export interface TokenIssuer {
  issuer: string;
  /** A good token of an application that calls for itself, as Entra issues it (v2), unless told otherwise. */
  token(changes?: { claims?: JWTPayload; header?: Record<string, unknown>; expires?: string }): Promise<string>;
  /** New tokens are signed by a new key, the only one that is published. */
  rotate(kid: string): Promise<void>;
  /** Paths asked for since the start. */
  asked: string[];
  /** What it publishes can be changed, and it can be told to fail. */
  discovery: Record<string, unknown>;
  keys: JWK[];
  mode: 'ok' | 'down' | 'silent';
}

/** An OpenID Connect issuer on loopback, as far as a service that checks tokens sees one. */
export async function tokenIssuer(path = '/tenant'): Promise<TokenIssuer> {
  let signing: { key: CryptoKey; kid: string };
  const server = createServer((request, response) => {
    running.asked.push(request.url ?? '');
    if (running.mode === 'silent') return;
    const document = request.url === '/keys' ? { keys: running.keys } : running.discovery;
    response.writeHead(running.mode === 'ok' ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const running: TokenIssuer = {
    issuer,
    asked: [],
    discovery: { issuer, jwks_uri: new URL('/keys', issuer).href },
    keys: [],
    mode: 'ok',
    rotate: async (kid) => {
      const { privateKey, publicKey } = await generateKeyPair('ES256');
      signing = { key: privateKey, kid };
      running.keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }];
    },
    token: ({ claims = {}, header = {}, expires = '5m' } = {}) =>
      new SignJWT({ iss: issuer, aud: audience, sub: 'secret-person', ...caller, roles: [role], ...claims })
        .setProtectedHeader({ typ: 'JWT', kid: signing.kid, ...header, alg: 'ES256' })
        .setExpirationTime(expires)
        .sign(signing.key),
  };
  await running.rotate('first');
  return running;
}
