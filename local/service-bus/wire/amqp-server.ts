import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import rhea, { type Connection, type EventContext } from 'rhea';
import type { LinkRegistry } from '../link/link-registry.ts';
import type { createAttach } from './attach.ts';
import { forgetSocket, keepBytes } from './rhea-internals.ts';

const HOST = '127.0.0.1';
const REOPEN_DEADLINE_MS = 5_000;
/** An abandoned message would look like a released one. */
const SENDER_OPTIONS = { autosettle: true, treat_modified_as_released: false };
const RECEIVER_OPTIONS = { autoaccept: false, credit_window: 1000 };
/**
 * rhea throws or prints an event of these kinds that nobody listens to. They all mean that the client is gone, and the
 * socket's `close` takes care of that.
 */
const UNHEARD = [
  ...['connection_close', 'connection_error', 'disconnected', 'session_error'],
  ...['sender_close', 'sender_error', 'receiver_close', 'receiver_error'],
];

export interface AmqpServer {
  readonly port: number;
  readonly running: boolean;
  readonly connections: number;
  /** Cuts every connection without a word, as a lost network does. */
  dropSockets(): void;
  /** Cuts every connection and refuses new ones. */
  stop(): Promise<void>;
  /** Listens again on the same port, unless it has ended. Throws when another process took it. */
  start(): Promise<void>;
  /** Stops for good. */
  end(): Promise<void>;
}

export interface AmqpServerOptions {
  /** 0 lets the system pick. */
  port: number;
  links: LinkRegistry;
  attach: ReturnType<typeof createAttach>;
  log(line: string): void;
}

/** Listens for AMQP on loopback. Throws when the port is taken. */
export async function startAmqpServer({ port, links, attach, log }: AmqpServerOptions): Promise<AmqpServer> {
  // A container of its own: rhea's default one is shared with the SDK of the same process.
  const container = rhea.create_container({ id: 'service-bus-test-double' });
  const sockets = new Map<Socket, Connection>();
  let bound = port;
  let ended = false;

  container.on('session_open', ({ session }: EventContext) => session && keepBytes(session));
  container.on('sender_open', attach.senderOpen);
  container.on('receiver_open', attach.receiverOpen);
  container.on('session_close', ({ session }: EventContext) => links.lost(session));
  container.on('protocol_error', (error: Error) => log(explain(error)));
  container.on('error', (error: Error) => log(`Service Bus test double: a connection was closed: ${error.message}`));
  for (const event of UNHEARD) container.on(event, () => {});

  const server: Server = createServer((socket) => {
    const connection: Connection = container.create_connection({
      port: bound,
      sender_options: SENDER_OPTIONS,
      receiver_options: RECEIVER_OPTIONS,
    });
    sockets.set(socket, connection);
    socket.setNoDelay(true);
    socket.on('close', () => lose(socket));
    connection.accept(socket);
  });

  const lose = (socket: Socket): void => {
    const connection = sockets.get(socket);
    if (!connection) return;
    sockets.delete(socket);
    forgetSocket(connection);
    links.lost(connection);
  };

  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => {
        const taken = error.code === 'EADDRINUSE';
        reject(taken ? new Error(`Port ${bound} is taken: choose another.`, { cause: error }) : error);
      };
      server.once('error', fail);
      server.listen({ port: bound, host: HOST }, () => {
        server.off('error', fail);
        bound = (server.address() as AddressInfo).port;
        resolve();
      });
    });

  const dropSockets = (): void => {
    for (const socket of sockets.keys()) {
      socket.destroy();
      lose(socket);
    }
  };

  const reopen = async (): Promise<void> => {
    const deadline = performance.now() + REOPEN_DEADLINE_MS;
    while (!server.listening) {
      // Meanwhile the port may have served as the near end of somebody's connection; that passes.
      await listen().catch(async (error: unknown) => {
        if (performance.now() > deadline) throw error;
        await setTimeout(50);
      });
    }
  };

  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    dropSockets();
    await closed;
  };

  let turn: Promise<unknown> = Promise.resolve();
  /** One after the other: a switch thrown twice in a row ends in the last state. */
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const done = turn.then(step);
    turn = done.catch(() => undefined);
    return done;
  };

  await listen();
  return {
    get port() {
      return bound;
    },
    get running() {
      return server.listening;
    },
    get connections() {
      return sockets.size;
    },
    dropSockets,
    stop: () => inTurn(close),
    start: () => inTurn(async () => (ended ? undefined : reopen())),
    end() {
      ended = true;
      return inTurn(close);
    },
  };
}

function explain(error: Error): string {
  return `Service Bus test double: a client does not speak plain AMQP (${error.message}). Does its connection string end in UseDevelopmentEmulator=true? Over that port there is no TLS and no HTTP.`;
}
