import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:net';

/** For a service that may not log where it listens. */
subscribe('tracing:net.server.listen:asyncEnd', (event) => {
  const address = (event as { server: Server }).server.address();
  if (typeof address === 'object' && address) process.send?.({ port: address.port });
});
