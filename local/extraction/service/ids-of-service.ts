import { createHmac } from 'node:crypto';
import { createHashes } from '../../../src/observability/modules/security-events/hashes.ts';
import { clientHeaders } from './client-headers.ts';
import type { LastCall } from './last-calls.ts';

/** Of the tokens that the calls bear. */
export const client = 'web';
export const objectOf = (account: number): string => `account-${account}`;

export interface IdsOfService {
  /** The number behind a hash; undefined for a hash of something that was not sent. */
  fingerprint(hash: string): number | undefined;
  caller(hash: string): number | undefined;
}

/** Which hashes the service makes of these calls, with the key that it was given: computed by its own code. */
export function idsOfService(key: string, host: string, calls: readonly LastCall[]): IdsOfService {
  const hashes = createHashes((text) => createHmac('sha256', key).update(text).digest('hex'));
  const fingerprints = new Map<string, number>();
  const callers = new Map<string, number>();
  for (const number of new Set(calls.map(({ fingerprint }) => fingerprint))) {
    const rawHeaders = [...clientHeaders(number, host, '')];
    const hash = hashes.fingerprint({ headers: { 'user-agent': `client/${number}` }, rawHeaders });
    fingerprints.set(hash, number);
  }
  for (const number of new Set(calls.map(({ account }) => account)))
    callers.set(hashes.caller({ client, object: objectOf(number) }), number);
  return { fingerprint: (hash) => fingerprints.get(hash), caller: (hash) => callers.get(hash) };
}
