import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isLoopbackUrl } from './loopback.ts';

/** The issuer's keys cannot be had: nobody can say whether a token is good. */
export class IssuerUnavailable extends Error {
  override name = 'IssuerUnavailable';
}

export interface IssuerKeysOptions {
  issuer: string;
  timeoutMs: number;
  /** Age at which the keys are fetched anew behind the requests' backs. */
  refreshMs: number;
  /** Least time between two fetches because of a key that is not known. */
  cooldownMs: number;
}

const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** A key that its issuer withdrew is trusted no longer than this, whatever else fails. */
const maxAgeMs = 3_600_000;
const retryMs = 1_000;

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/**
 * Finds the key that signed a token, through the issuer's discovery document (OpenID Connect Discovery 1.0, section 4).
 * Keys are kept and refreshed in the background, so that a short outage of the issuer goes unnoticed.
 * Throws `IssuerUnavailable`, or jose's own errors for a token whose key the issuer does not have.
 */
export function createIssuerKeys({ issuer, timeoutMs, refreshMs, cooldownMs }: IssuerKeysOptions): JWTVerifyGetKey {
  let known: KeySet | undefined;
  let loading: Promise<KeySet> | undefined;
  let failure: unknown;
  let nextLoadAt = 0;

  async function load(): Promise<KeySet> {
    try {
      const url = await discover(issuer, timeoutMs);
      const keys = createRemoteJWKSet(url, {
        timeoutDuration: timeoutMs,
        cooldownDuration: cooldownMs,
        cacheMaxAge: maxAgeMs,
      });
      await keys.reload();
      nextLoadAt = Date.now() + refreshMs;
      known = keys;
      return keys;
    } catch (error) {
      nextLoadAt = Date.now() + retryMs;
      failure = error;
      throw error;
    } finally {
      loading = undefined;
    }
  }

  async function current(): Promise<KeySet> {
    if (Date.now() >= nextLoadAt) loading ??= load();
    if (known === undefined) {
      if (loading !== undefined) return loading;
      throw failure;
    }
    loading?.catch(() => {});
    return known;
  }

  return async function issuerKey(header, token) {
    try {
      return await (await current())(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new IssuerUnavailable(`the signing keys of ${issuer} cannot be read: ${reasonOf(error)}`, { cause: error });
    }
  };
}

async function discover(issuer: string, timeoutMs: number): Promise<URL> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`its discovery document answers ${response.status}`);
  const { success, data } = discoveryDocument.safeParse(await response.json());
  if (!success) throw new Error('its discovery document has no issuer or no jwks_uri');
  if (data.issuer !== issuer) {
    throw new Error(`it calls itself ${data.issuer}: set TOKEN_ISSUER to exactly that if it is the one you mean`);
  }
  return secureUrl(data.jwks_uri, 'the jwks_uri of its discovery document');
}

/** `fetch` says only that it failed; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${reasonOf(error.cause)})`;
}

/** Throws unless `text` is an https address; http is accepted on loopback, where tests run their own issuer. */
export function secureUrl(text: string, what: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackUrl(url))) return url;
  throw new Error(`${what} is "${text}": it must be an https:// address`);
}
