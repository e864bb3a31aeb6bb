import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../../platform/callers.ts';

/** Headers that proxies add, or that change with the request: they say nothing about the program that calls. */
const notOfProgram =
  /^(?:x-(?:forwarded|envoy|k8se|azure|ms)-.*|x-request-id|x-real-ip|forwarded|via|authorization|cookie|range|content-.*|transfer-encoding|expect|if-.*|idempotency-key)$/;

export type Hashes = ReturnType<typeof createHashes>;

/** The hashes that leave the process in place of what they are made of; `hash` is an HMAC in hexadecimal. */
export function createHashes(hash: (text: string) => string) {
  /** With the kind, so that a hash of one kind never equals one of another. */
  const short = (kind: string, ...parts: readonly unknown[]) => hash(JSON.stringify([kind, ...parts])).slice(0, 32);

  return {
    /** The program that calls: its user agent and the order in which it names its headers. */
    fingerprint({ headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): string {
      const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
      const own = names.filter((name) => !notOfProgram.test(name));
      return short('fingerprint', headers['user-agent'], own);
    },
    /** The caller that a token names. */
    caller: ({ client, object }: Caller): string => short('caller', client, object),
    /** Proves that this service wrote `producer` on the message with this id. */
    proof: (producer: string, messageId: string): string => short('producer', producer, messageId),
  };
}
