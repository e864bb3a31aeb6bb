import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface Systems {
  postgres: string;
  redis: string;
  storage: string;
  stop(): Promise<void>;
}

/** Stand-ins for a PostgreSQL, a Redis and a blob storage, which speak as much of the protocols as the examples need. */
export async function startSystems(): Promise<Systems> {
  const sockets = new Set<Socket>();
  const servers: Server[] = [
    createServer((socket) => speakPostgres(socket)),
    createServer((socket) => speakRedis(socket)),
    createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(201, { 'x-ms-request-id': 'one' }).end());
    }),
  ];
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  return {
    postgres: `postgres://orders:hidden-password@127.0.0.1:${ports[0]}/orders`,
    redis: `redis://127.0.0.1:${ports[1]}`,
    storage: `http://127.0.0.1:${ports[2]}/account/orders?sv=2026&sig=hidden-signature`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
    },
  };
}

const message = (type: string, ...parts: (string | number)[]) => {
  const bodies = parts.map((part) => {
    if (typeof part === 'string') return Buffer.from(`${part}\0`);
    const number = Buffer.alloc(4);
    number.writeInt32BE(part);
    return number;
  });
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + bodies.reduce((sum, body) => sum + body.length, 0));
  return Buffer.concat([Buffer.from(type), length, ...bodies]);
};
const ready = Buffer.concat([Buffer.from('Z'), Buffer.from([0, 0, 0, 5]), Buffer.from('I')]);

/** Lets everyone in, and answers each statement with no rows. */
function speakPostgres(socket: Socket): void {
  let started = false;
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const header = started ? 1 : 0;
      if (received.length < header + 4) return;
      const length = header + received.readInt32BE(header);
      if (received.length < length) return;
      const type = started ? String.fromCharCode(received[0] ?? 0) : 'startup';
      received = received.subarray(length);
      started = true;
      if (type === 'startup') socket.write(Buffer.concat([message('R', 0), ready]));
      // Parse, bind, describe, execute, sync: the steps of a statement with parameters.
      if (type === 'P') socket.write(message('1'));
      if (type === 'B') socket.write(message('2'));
      if (type === 'D') socket.write(message('n'));
      if (type === 'E') socket.write(message('C', 'INSERT 0 1'));
      if (type === 'S') socket.write(ready);
      if (type === 'Q') socket.write(Buffer.concat([message('C', 'SELECT 0'), ready]));
    }
  });
}

/** Answers each command with OK, but the question about itself, which the client asks first. */
function speakRedis(socket: Socket): void {
  const info = 'redis_version:8.0.0\r\nloading:0\r\n';
  socket.setEncoding('utf8').on('data', (text: unknown) => {
    for (const command of String(text).match(/\*\d+\r\n(?:\$\d+\r\n[^\r\n]*\r\n)+/g) ?? [])
      socket.write(/\r\ninfo\r\n/i.test(command) ? `$${Buffer.byteLength(info)}\r\n${info}\r\n` : '+OK\r\n');
  });
}
