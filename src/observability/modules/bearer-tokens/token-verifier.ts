import { errors, type JWTVerifyResult, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Settings } from '../../../config/read-settings.ts';
import type { TokenVerifier } from '../../../platform/callers.ts';
import { type Problem, problemOfStatus } from '../../../platform/problem.ts';
import { createIssuerKeys } from './issuer-keys.ts';

/** Only algorithms with a private key: a shared secret could also sign tokens, and `none` needs no key (RFC 8725). */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/**
 * Requires on every request an access token of `issuer` for `audience` (RFC 6750) with one of `roles`: as a scope when
 * an application calls for a user, as an app role when it calls for itself. Without `roles` every access token passes.
 * `timeoutMs` limits each reading of the issuer's keys, in milliseconds. Throws at once when `issuer` is not an https
 * address or `audience` is empty. Nothing of a token is ever logged.
 */
export function createTokenVerifier(
  { issuer, audience, roles }: NonNullable<Settings['tokens']>,
  timeoutMs = 3_000,
): TokenVerifier {
  if (audience === '') throw new Error('TOKEN_AUDIENCE is empty: set it to the audience that tokens are issued for');
  const keys = createIssuerKeys(issuer, timeoutMs);
  const demands = { issuer, audience, algorithms, requiredClaims: ['exp'], clockTolerance: '1 minute' };

  return async function verifyToken({ headers }) {
    const bearer = /^bearer(?: +(.*))?$/i.exec(headers.authorization ?? '');
    if (!bearer) throw refusal(401, 'Bearer', 'Send a bearer token in the Authorization header.');
    const verified = await jwtVerify(bearer[1] ?? '', keys, demands).catch((error) => {
      throw error instanceof errors.JOSEError ? refusal(401, invalidToken, whyInvalid(error)) : error;
    });
    const access = readAccessToken(verified);
    if (!access) throw refusal(401, invalidToken, 'The token is not an access token: send one for this API.');
    if (roles.length > 0 && !access.grants.some((grant) => roles.includes(grant))) {
      const challenge = `Bearer error="insufficient_scope", scope="${roles.join(' ')}"`;
      throw refusal(403, challenge, `The token carries none of these roles or scopes: ${roles.join(', ')}.`);
    }
    return access.caller;
  };
}

const text = z.string().optional();
const claims = z.object({
  azp: text,
  appid: text,
  oid: text,
  scp: text,
  nonce: text,
  roles: z.array(z.string()).default([]),
});

/**
 * Undefined for a token that is not an access token. An ID token of Entra has no client in `azp` (v2) or `appid` (v1).
 * An ID token of another issuer may have one, but it has a `nonce` and no scopes. If a token has scopes, only these
 * count, because the roles of a user do not say what the application may do for that user.
 */
function readAccessToken({ payload, protectedHeader }: JWTVerifyResult) {
  const { data } = claims.safeParse(payload);
  const client = data?.azp ?? data?.appid;
  if (!data || !client || !/^(application\/)?(at\+)?jwt$/i.test(protectedHeader.typ ?? '')) return undefined;
  if (data.nonce !== undefined && data.scp === undefined) return undefined;
  return { caller: { client, object: data.oid }, grants: data.scp?.split(' ') ?? data.roles };
}

const invalidToken = 'Bearer error="invalid_token"';

/** A constant sentence, because jose's error contains the token's claims, which must not leave the service. */
function whyInvalid(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : '';
  if (claim === 'aud') return 'The token is meant for another audience.';
  return claim === 'iss' ? 'The token is from another issuer.' : 'The token is not valid.';
}

const refusal = (status: 401 | 403, challenge: string, detail: string): Problem =>
  problemOfStatus(status, detail, { 'www-authenticate': challenge });
