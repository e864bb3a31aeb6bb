import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Refusal {
  readonly status: number;
  readonly error: string;
}

/**
 * Why a request that changes something must be refused, or `undefined`. A page in a browser cannot send JSON to another
 * origin without asking first; the token, where one is set, keeps out other users of the machine. Foreign hosts and
 * origins have been refused before.
 */
export function refuseChange(headers: IncomingHttpHeaders, token: string | undefined): Refusal | undefined {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    return { status: 415, error: 'Send Content-Type: application/json' };
  }
  if (token === undefined) return undefined;
  const [given, wanted] = [Buffer.from(headers.authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return undefined;
  return { status: 401, error: 'Send the token as Authorization: Bearer <token>' };
}

/** The administration client signs every request; the signature is not checked, but a browser cannot send one. */
export function refuseUnsigned(headers: IncomingHttpHeaders): Refusal | undefined {
  if (headers.authorization) return undefined;
  return { status: 401, error: 'The Authorization header with a shared access signature or a bearer token is missing' };
}
