import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { answerJson } from './answer.ts';
import { foreignCaller } from './request-guard.ts';

const HOST = '127.0.0.1';
const REOPEN_DEADLINE_MS = 5_000;

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

export interface LoopbackServer {
  readonly url: string;
  readonly port: number;
  /** Ends every connection and refuses new ones, until `reopen`. */
  close(): Promise<void>;
  /** Listens again on the same port. Throws when another process took it meanwhile. */
  reopen(): Promise<void>;
  /** Closes for good: nothing reopens it. May be called twice. */
  stop(): Promise<void>;
}

/**
 * An HTTP server for a stand-in: on loopback only, deaf to foreign callers, and able to be really down (connection refused)
 * and to come back on the same port. Port 0 lets the system pick. Throws when the port is taken.
 */
export async function startLoopbackServer({
  port = 0,
  handle,
  tls,
}: {
  port?: number;
  handle: Handle;
  /** With it the server speaks HTTPS alone. */
  tls?: { key: string; cert: string };
}): Promise<LoopbackServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const refusal = foreignCaller(request);
    try {
      if (refusal) answerJson(response, 403, { error: refusal });
      else await handle(request, response);
    } catch (error) {
      answerJson(response, 500, { error: String(error) });
    }
  };
  const server = tls ? createSecureServer(tls, answer) : createServer(answer);
  // Longer than any client keeps an idle connection, so that none is reset that nobody asked to fail.
  server.keepAliveTimeout = 65_000;
  await listen(server, port);
  const bound = (server.address() as AddressInfo).port; // null or a string for pipes only
  let stopped = false;
  let turn: Promise<unknown> = Promise.resolve();
  // One after the other: a switch thrown twice in a row must end in the last state.
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const done = turn.then(step);
    turn = done.catch(() => undefined);
    return done;
  };
  const close = () => inTurn(() => closeAll(server));

  return {
    url: `${tls ? 'https' : 'http'}://${HOST}:${bound}`,
    port: bound,
    close,
    reopen: () => inTurn(async () => (stopped ? undefined : reopen(server, bound))),
    stop() {
      stopped = true;
      return close();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} on ${HOST} is taken`, { cause: error }) : error);
    server.once('error', fail);
    server.listen(port, HOST, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

async function closeAll(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

async function reopen(server: Server, port: number): Promise<void> {
  const deadline = performance.now() + REOPEN_DEADLINE_MS;
  while (!server.listening) {
    try {
      await listen(server, port);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await setTimeout(50);
    }
  }
}
