import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands before a broker as a network does: connections that exist can go silent, as behind a firewall that forgot them. */
export async function startProxy(port: number) {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    return socket;
  };
  const server = createServer((client) => {
    const broker = keep(connect(port, '127.0.0.1'));
    keep(client).pipe(broker).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  return {
    port: typeof address === 'object' ? address?.port : undefined,
    /** Nothing passes any more, and nobody is told. New connections work. */
    silence() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
