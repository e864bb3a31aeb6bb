import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** What a token says of who calls. */
export interface TokenSubject {
  /** The id of the application. */
  client: string;
  /** The id of the user or of the service principal. */
  object: string;
  roles?: readonly string[];
}

export interface TokenIssuer {
  /** For TOKEN_ISSUER. */
  readonly issuer: string;
  /** A token as Entra issues it (v2), good for an hour. */
  token(subject: TokenSubject): Promise<string>;
  stop(): Promise<void>;
}

const keyId = 'local';

/** An OpenID Connect issuer on loopback, as far as a service that checks tokens sees one. */
export async function startTokenIssuer({ audience }: { audience: string }): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'ES256', use: 'sig' }] };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/keys' ? keys : { issuer, jwks_uri: new URL('/keys', issuer).href }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant`;
  return {
    issuer,
    token: ({ client, object, roles = [] }) =>
      new SignJWT({ iss: issuer, aud: audience, sub: object, azp: client, oid: object, roles: [...roles] })
        .setProtectedHeader({ typ: 'JWT', kid: keyId, alg: 'ES256' })
        .setExpirationTime('1h')
        .sign(privateKey),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
