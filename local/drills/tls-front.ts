import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Certificate } from '../application-insights/security-logs/certificate.ts';
import { type LoopbackServer, startLoopbackServer } from '../loopback/loopback-server.ts';

/** Speaks HTTPS in front of a server of this machine that speaks HTTP alone, and passes everything on as it is. */
export const startTlsFront = (target: string, tls: Certificate): Promise<LoopbackServer> =>
  startLoopbackServer({
    tls,
    async handle(incoming, response) {
      const { host, ...headers } = incoming.headers; // names the front
      const outgoing = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers });
      const [answered] = await Promise.all([once(outgoing, 'response'), pipeline(incoming, outgoing)]);
      const answer: IncomingMessage = answered[0];
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      await pipeline(answer, response);
    },
  });
