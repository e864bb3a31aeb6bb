import type { IncomingMessage } from 'node:http';

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Why a request must be refused, or `undefined` when it may pass. A web page that the developer happens to have open can
 * reach loopback in two ways: by a name of its own that resolves to 127.0.0.1 (DNS rebinding, seen in `Host`) and by a
 * cross-site request (seen in `Origin`). Programs send neither a foreign `Host` nor an `Origin`.
 */
export function foreignCaller({ headers }: IncomingMessage): string | undefined {
  const host = headers.host ?? '';
  const base = `http://${host}`;
  if (!URL.canParse(base) || !LOOPBACK_NAMES.has(new URL(base).hostname)) {
    return `Host "${host}" is not this machine; use http://127.0.0.1`;
  }
  if (headers.origin !== undefined && headers.origin !== base) return `Origin "${headers.origin}" is not ${base}`;
  return undefined;
}
