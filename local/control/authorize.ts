import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Refusal {
  status: number;
  error: string;
}

/**
 * Why a request that changes something must be refused, or undefined. JSON is asked for because a cross-site form cannot
 * send it without asking first; the token, because any program of another user can reach loopback too.
 */
export function refuseChange({ headers }: IncomingMessage, token: string): Refusal | undefined {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    return { status: 415, error: 'Send JSON with Content-Type: application/json' };
  }
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    return { status: 401, error: 'Send the token of run.json as Authorization: Bearer <token>' };
  }
  return undefined;
}
