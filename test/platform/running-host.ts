import express, { type Router } from 'express';
import { onTestFinished } from 'vitest';
import { createHost, type HostOptions } from '../../src/platform/host.ts';
import { type HttpServer, listen } from '../../src/platform/server.ts';
import { recordedLog } from './recorded-log.ts';

export interface RunningHost extends HttpServer {
  url: string;
  log: ReturnType<typeof recordedLog>;
}

/** The host with one business, whose routes read bytes up to `limit`, listening on a free port until the test ends. */
export async function runningHost(
  routes: (router: Router) => void,
  { limit = 192 * 1024, ...options }: Partial<HostOptions> & { limit?: number } = {},
): Promise<RunningHost> {
  const log = recordedLog();
  const app = createHost({
    businesses: [
      {
        name: 'sample',
        routes(router) {
          router.use(express.raw({ type: () => true, limit }));
          routes(router);
        },
      },
    ],
    tools: () => ({ send: async () => {}, log, settings: {} }),
    routes: [],
    http: [],
    log,
    ...options,
  });
  const server = await listen(app, 0, '127.0.0.1');
  onTestFinished(() => server.close(AbortSignal.abort()));
  return { ...server, url: `http://127.0.0.1:${server.port}`, log };
}
