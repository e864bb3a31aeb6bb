import { createServer } from 'node:net';

/** The preferred port when nobody listens on it, else any free one. 0 means any. */
export async function choosePort(preferred: number): Promise<number> {
  if (preferred !== 0 && (await isFree(preferred))) return preferred;
  return (await listenOnce(0, '127.0.0.1')) ?? 0;
}

/** A browser takes `localhost` for IPv6 first: a port is free only when both kinds of address are. */
async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port, '127.0.0.1')) !== undefined && (await listenOnce(port, '::')) !== undefined;
}

/** The port that could be listened on, or undefined when it is taken. */
function listenOnce(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    // EACCES: not for us. Anything else is a machine without that kind of address, where nobody can listen.
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'EADDRINUSE' || code === 'EACCES' ? undefined : port),
    );
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
