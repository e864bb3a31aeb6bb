import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isLoopbackUrl } from '../../../config/loopback.ts';
import { passingProblem, retryAfterSeconds } from '../../../platform/problem.ts';

/** The age at which the keys are read again, and the shortest time between two readings because of an unknown key. */
const refreshMs = 300_000;
/** A key that its issuer withdrew is trusted no longer than this, even while the issuer is down. */
const maxAgeMs = 3_600_000;

const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url() });

/**
 * Finds the key that signed a token, through the issuer's discovery document (OpenID Connect Discovery 1.0, section 4).
 * While the issuer is down, known keys are used for up to an hour. Throws at once when `issuer` is not an https
 * address. The returned function throws a `Problem` with status 503 while the keys cannot be read, and jose's error
 * when the issuer has no such key.
 */
export function createIssuerKeys(issuer: string, timeoutMs: number): JWTVerifyGetKey {
  let reading: Promise<Response>;
  let nextReadingAt = 0;

  // jose waits between two readings only after a success: while the issuer is down, each token with an unknown key
  // would cause another request.
  const sparingFetch: FetchImplementation = async (discovery, options) => {
    if (Date.now() >= nextReadingAt) {
      nextReadingAt = Date.now() + retryAfterSeconds * 1_000;
      reading = readKeys(issuer, discovery, options);
    }
    return (await reading).clone();
  };
  const base = secureUrl(issuer, 'TOKEN_ISSUER').href.replace(/\/$/, '');
  const keys = createRemoteJWKSet(new URL(`${base}/.well-known/openid-configuration`), {
    timeoutDuration: timeoutMs,
    cooldownDuration: refreshMs,
    cacheMaxAge: maxAgeMs,
    [customFetch]: sparingFetch,
  });

  return async function issuerKey(header, token) {
    // Reads in the background. Only a request whose key is unknown waits for the reading, and fails if that fails.
    if (!keys.coolingDown) keys.reload().catch(() => {});
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      const detail = 'Tokens cannot be checked at the moment: send the request again later.';
      throw passingProblem(
        { type: 'token-issuer-unavailable', title: 'Token Issuer Unavailable', detail },
        new Error(`the signing keys of ${issuer} cannot be read: ${reasonOf(error)}`, { cause: error }),
      );
    }
  };
}

async function readKeys(issuer: string, discovery: string, options: RequestInit): Promise<Response> {
  const response = await fetch(discovery, options);
  if (!response.ok) throw new Error(`its discovery document answers ${response.status}`);
  const { data } = discoveryDocument.safeParse(await response.json());
  if (!data) throw new Error('its discovery document has no issuer or no jwks_uri');
  if (data.issuer !== issuer) {
    throw new Error(`its document names ${data.issuer}: set TOKEN_ISSUER to exactly that if it is the right issuer`);
  }
  return fetch(secureUrl(data.jwks_uri, 'the jwks_uri of its discovery document'), options);
}

/** The error of `fetch` says only that the call failed; the reason is in its cause. */
const reasonOf = (error: unknown) => (error instanceof Error && error.cause ? `${error}: ${error.cause}` : `${error}`);

/** Throws unless `text` is an https address; http is accepted on loopback, where tests run their own issuer. */
function secureUrl(text: string, what: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackUrl(url))) return url;
  throw new Error(`${what} is "${text}": it must be an https:// address`);
}
