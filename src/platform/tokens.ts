import type { IncomingMessage } from 'node:http';
import { errors, jwtVerify } from 'jose';
import { createIssuerKeys, IssuerUnavailable, secureUrl } from './issuer-keys.ts';
import { Problem } from './problem.ts';
import { retryAfterSeconds } from './to-problem.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** Signatures only by a private key: with `none` or a shared secret, whoever can read the key can write tokens (RFC 8725). */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

const clockToleranceSeconds = 60;

/**
 * Asks every request for a bearer token of `issuer` meant for `audience` (RFC 6750). Times in milliseconds.
 * Throws at once when `issuer` is not an https address or `audience` is empty. Nothing of a token is ever logged.
 */
export function createTokenVerifier({
  issuer,
  audience,
  timeoutMs = 3_000,
  refreshMs = 600_000,
  cooldownMs = 30_000,
}: {
  issuer: string;
  audience: string;
  timeoutMs?: number;
  refreshMs?: number;
  cooldownMs?: number;
}): TokenVerifier {
  secureUrl(issuer, 'TOKEN_ISSUER');
  if (audience === '') throw new Error('TOKEN_AUDIENCE is empty: set it to the audience that tokens are issued for');
  const keys = createIssuerKeys({ issuer, timeoutMs, refreshMs, cooldownMs });

  async function verify(request: IncomingMessage): Promise<void> {
    const token = bearerToken(request);
    if (token === undefined) throw unauthorized('Bearer', 'Send a bearer token in the Authorization header.');
    try {
      await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp'],
        clockTolerance: clockToleranceSeconds,
      });
    } catch (error) {
      if (error instanceof IssuerUnavailable) throw issuerUnavailable(error);
      if (error instanceof errors.JOSEError) throw unauthorized('Bearer error="invalid_token"', whyInvalid(error));
      throw error;
    }
  }

  return {
    verify,
    authenticated: (request) =>
      verify(request).then(
        () => true,
        () => false,
      ),
  };
}

/** The token, empty when there is only the scheme; undefined when the caller did not try (RFC 6750, section 3.1). */
function bearerToken(request: IncomingMessage): string | undefined {
  const match = /^bearer(?: +(.*))?$/i.exec(request.headers.authorization ?? '');
  return match === null ? undefined : (match[1] ?? '');
}

/** A constant sentence: jose's error carries the token's claims, which are nobody's business. */
function whyInvalid(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'The token is meant for another audience.';
    if (error.claim === 'iss') return 'The token is from another issuer.';
  }
  return 'The token is not valid.';
}

function unauthorized(challenge: string, detail: string): Problem {
  return new Problem(
    { type: 'unauthorized', title: 'Unauthorized', status: 401, detail },
    { 'www-authenticate': challenge },
  );
}

function issuerUnavailable(cause: IssuerUnavailable): Problem {
  const detail = 'Tokens cannot be checked at the moment: send the request again later.';
  return new Problem(
    { type: 'token-issuer-unavailable', title: 'Token Issuer Unavailable', status: 503, detail },
    { 'retry-after': String(retryAfterSeconds) },
    { cause },
  );
}
