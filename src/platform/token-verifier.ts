import type { IncomingMessage } from 'node:http';
import { isLoopbackAddress, isLoopbackUrl } from './loopback.ts';

/** Who may call. A slot, so that a service without tokens does not even load what checks them. */
export interface TokenVerifier {
  /** Resolves when the request may pass. Throws a `Problem`: 401, or 503 while the issuer's keys cannot be had. */
  verify(request: IncomingMessage): Promise<void>;
  /** Whether the caller may see details that strangers may not. Never throws. */
  authenticated(request: IncomingMessage): Promise<boolean>;
}

/** No tokens are asked for. Details are for callers on this machine: nothing else tells a colleague from a stranger. */
export const anyone: TokenVerifier = {
  verify: async () => {},
  authenticated: async (request) => isLocal(request),
};

/** From this machine, not through a proxy on it, and not by a name that a web page made point here (DNS rebinding). */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const host = URL.parse(`http://${headers.host ?? ''}`);
  const forwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  return isLoopbackAddress(socket.remoteAddress) && !forwarded && host !== null && isLoopbackUrl(host);
}
