import type { IncomingMessage } from 'node:http';
import { isLoopbackAddress, isLoopbackUrl } from '../config/loopback.ts';

/** Who sent a request, as its token says. `object` may be a person: hash it before it reaches telemetry. */
export interface Caller {
  /** The application that calls (`azp` or `appid`). */
  client: string;
  /** The user, or the service principal of an application that calls for itself (`oid`). */
  object: string | undefined;
}

declare global {
  namespace Express {
    interface Locals {
      /** Set by the token check, before any route of a business; undefined where no tokens are asked for. */
      caller?: Caller | undefined;
    }
  }
}

/** Who may call. A slot, so that a service without tokens does not even load what checks them. */
export interface TokenVerifier {
  /**
   * The caller, or undefined where no tokens are asked for. Throws a `Problem`: 401, 403 for a token without the role, or
   * 503 while the issuer's keys cannot be read.
   */
  verify(request: IncomingMessage): Promise<Caller | undefined>;
  /** Whether the caller may see details that strangers may not. Never throws. */
  authenticated(request: IncomingMessage): Promise<boolean>;
}

/** No tokens are asked for. Details are for callers on this machine: nothing else tells a colleague from a stranger. */
export const anyone: TokenVerifier = {
  verify: async () => undefined,
  authenticated: async (request) => isLocal(request),
};

/**
 * What curl, browsers and `fetch` send by themselves. A proxy adds headers of its own under ever new names (Forwarded,
 * X-Forwarded-For, X-Real-IP, Via, CF-Connecting-IP, ...), so that any other header makes a request a foreign one.
 */
const directHeaders =
  /^(host|connection|user-agent|accept(-.+)?|authorization|cookie|cache-control|pragma|priority|referer|dnt|if-.+|sec-.+|upgrade-insecure-requests)$/;

/** From this machine, not through a proxy on it, and not by a name that a web page made point here (DNS rebinding). */
function isLocal({ socket, headers, httpVersion }: IncomingMessage): boolean {
  const host = URL.parse(`http://${headers.host ?? ''}`);
  // nginx adds no header by default; what gives it away there is HTTP/1.0.
  const direct = httpVersion !== '1.0' && Object.keys(headers).every((name) => directHeaders.test(name));
  return isLoopbackAddress(socket.remoteAddress) && direct && host !== null && isLoopbackUrl(host);
}
