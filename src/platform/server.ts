import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';

export interface HttpServer {
  server: Server;
  /** The port that the server listens on. With `port` 0 the system has chosen it. */
  port: number;
  /**
   * Lets running answers finish; closes all connections when `deadline` aborts. Resolves when no connection is open.
   */
  close(deadline: AbortSignal): Promise<void>;
}

/** Milliseconds. */
const timeouts = {
  headersTimeout: 15_000,
  // The largest body takes 13 seconds on a line of 128 kbit/s; the answer's own time does not count here.
  requestTimeout: 60_000,
  // Longer than a load balancer keeps an unused connection (Azure Container Apps ingress: 240 seconds). If we closed it
  // first, a request already on its way would meet a closed connection and the caller would see a 502 or 503.
  keepAliveTimeout: 250_000,
  connectionsCheckingInterval: 5_000,
};

/** How often a closing server looks for connections that have become idle, in milliseconds. */
const sweepMs = 100;

/**
 * Listens on `port` (0: the system picks a free one) of `host` (all interfaces by default, as a container needs it).
 * Throws an error that names PORT when it cannot listen on the port.
 */
export async function listen(app: RequestListener, port: number, host?: string): Promise<HttpServer> {
  const server = createServer(timeouts);
  const close = closeGracefully(server);
  server.on('request', app);
  server.listen({ port, host });
  await once(server, 'listening').catch((error) => Promise.reject(explain(error, port)));
  // A server on a port has an object as its address; only a server on a pipe has a string.
  return { server, port: (server.address() as AddressInfo).port, close };
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  const whatToDo =
    error.code === 'EADDRINUSE'
      ? `Port ${port} is in use: stop what listens there or set PORT to a free one.`
      : error.code === 'EACCES'
        ? `This user may not listen on port ${port}: set PORT to a port above 1023.`
        : `The service cannot listen on port ${port} (${error.code ?? error.message}): check PORT.`;
  return new Error(whatToDo, { cause: error });
}

/** Call it before the application is attached, so that it sees each response before the application does. */
function closeGracefully(server: Server): HttpServer['close'] {
  const sockets = new Set<Socket>();
  const answers = new Set<ServerResponse>();
  let closed: Promise<void> | undefined;

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (_request, response) => {
    answers.add(response);
    response.once('close', () => answers.delete(response));
    if (closed !== undefined) response.setHeader('connection', 'close');
  });

  function sweep(): void {
    // Node calls a connection idle as soon as the answer is written, even if a slow caller has not received all of it.
    if (![...answers].some((answer) => answer.writableEnded)) server.closeIdleConnections();
    // A caller that has connected and sent nothing: Node does not count its connection as idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  }

  async function finish(deadline: AbortSignal): Promise<void> {
    for (const answer of answers) if (!answer.headersSent) answer.setHeader('connection', 'close');
    const sweeping = setInterval(() => setImmediate(sweep), sweepMs);
    // The HTTP server's own `close` would cut off answers that a slow caller is still receiving.
    const closing = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
    const cut = () => server.closeAllConnections();
    deadline.addEventListener('abort', cut);
    if (deadline.aborted) cut();
    await closing;
    clearInterval(sweeping);
    // No connection is left. This ends the server's timer.
    server.close();
  }

  return function close(deadline) {
    closed ??= finish(deadline);
    return closed;
  };
}
