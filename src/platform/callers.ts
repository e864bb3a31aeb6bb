import type { IncomingMessage } from 'node:http';
import { isLoopbackAddress, isLoopbackUrl } from '../config/loopback.ts';

/** The caller of a request, as its token names it. `object` may be a person: hash it before it reaches telemetry. */
export interface Caller {
  /** The application that calls (`azp` or `appid`). */
  client: string;
  /** The user, or the service principal of an application that calls for itself (`oid`). */
  object: string | undefined;
}

declare global {
  namespace Express {
    interface Locals {
      /** Set by the token check, before any route of a business; undefined when no tokens are required. */
      caller?: Caller | undefined;
    }
  }
}

/**
 * Returns the caller that the token of the request names. Throws a `Problem`: 401 for a missing or invalid token, 403
 * for a token without the role, or 503 while the issuer's keys cannot be read.
 */
export type TokenVerifier = (request: IncomingMessage) => Promise<Caller>;

/**
 * Whether the caller may see details, such as the reason of a failing health check. With `tokens` a caller with a valid
 * token may. Without them only a caller on this machine may, because nothing else identifies a caller. Never throws.
 */
export async function maySeeDetails(request: IncomingMessage, tokens: TokenVerifier | undefined): Promise<boolean> {
  if (!tokens) return isLocal(request);
  return (await tokens(request).catch(() => undefined)) !== undefined;
}

/**
 * Headers that curl, browsers and `fetch` send by themselves. Proxies add headers with many names (Forwarded,
 * X-Forwarded-For, X-Real-IP, Via, CF-Connecting-IP, ...), so a request with any other header counts as proxied.
 */
const directHeaders =
  /^(host|connection|user-agent|accept(-.+)?|authorization|cookie|cache-control|pragma|priority|referer|dnt|if-.+|sec-.+|upgrade-insecure-requests)$/;

/**
 * From this machine, not through a proxy, and not by a host name that a web page has redirected here (DNS rebinding).
 */
function isLocal({ socket, headers, httpVersion }: IncomingMessage): boolean {
  const host = URL.parse(`http://${headers.host ?? ''}`);
  // nginx adds no header by default, but it uses HTTP/1.0.
  const direct = httpVersion !== '1.0' && Object.keys(headers).every((name) => directHeaders.test(name));
  return isLoopbackAddress(socket.remoteAddress) && direct && host !== null && isLoopbackUrl(host);
}
