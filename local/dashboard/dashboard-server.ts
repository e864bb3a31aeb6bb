import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { refuseChange } from '../control/authorize.ts';
import { BodyTooLarge, readBody } from '../loopback/body.ts';
import { answerProblem, Refused } from './api/api-problem.ts';
import { type ApiRoutes, createApiRouter } from './api/api-router.ts';
import type { ApiAnswer } from './api/contract.ts';
import { createAssets } from './assets.ts';
import { readLibraries } from './import-map.ts';
import { createLive, type LiveFacts } from './live.ts';
import { answerDocument } from './page-document.ts';

/** A file of 16 MB in base64, which is more than any business of this template takes. */
const LIMIT_BYTES = 24 * 1024 * 1024;

export interface DashboardServer {
  /** Answers every request that is no command's. The server around it has refused foreign callers before. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  stop(): void;
}

/**
 * Serves the page at every address, its files and libraries below `/assets/`, and its data below `/api/`. What is sent must be
 * JSON and carry the token of the run.
 */
export function createDashboardServer({
  token,
  routes,
  live: facts,
  now = () => new Date(),
  page = join(import.meta.dirname, 'page'),
}: {
  token: string;
  routes: ApiRoutes;
  live: LiveFacts;
  now?: () => Date;
  /** The folder of the page's files. */
  page?: string;
}): DashboardServer {
  const route = createApiRouter(routes);
  const live = createLive(facts);
  // Reading what is installed takes a moment, which is the first page's to wait for.
  let libraries: ReturnType<typeof readLibraries> | undefined;
  const installed = () => (libraries ??= readLibraries());
  let created: ReturnType<typeof createAssets> | undefined;
  const assets = () => (created ??= createAssets({ page, libraries: installed().files }));

  const answerApi = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const { method = 'GET' } = request;
    const { handler, params } = route(method, url.pathname.slice('/api/'.length));
    const body = method === 'GET' ? undefined : await readChange(request, token);
    const { status = 200, data, next } = await handler({ params, query: url.searchParams, body });
    if (response.destroyed) return;
    const answer: ApiAnswer<unknown> = { data, asOf: now().toISOString(), ...(next !== undefined && { next }) };
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(`${JSON.stringify(answer, withoutBigInts)}\n`);
  };

  return {
    async handle(request, response) {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const { pathname } = url;
      try {
        if (pathname === '/api/live' && request.method === 'GET')
          return live.answer(request, response, (url.searchParams.get('topics') ?? '').split(','));
        if (pathname.startsWith('/api/')) return await answerApi(request, response, url);
        if (request.method !== 'GET' && request.method !== 'HEAD') throw onlyReading;
        if (pathname.startsWith('/assets/'))
          return await assets().answer(request, response, pathname.slice('/assets/'.length));
        const [{ imports }, joined] = [installed(), await assets().joined()];
        await answerDocument(response, { file: join(page, 'index.html'), token, imports, joined });
      } catch (error) {
        answerProblem(response, error);
      }
    },
    stop: live.stop,
  };
}

const onlyReading = new Refused(405, {
  title: 'Only reading is possible here',
  detail: 'This address is a page.',
  remedy: 'Use GET.',
});

/** A long of KQL beyond 2^53 is text. */
const withoutBigInts = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** The body of a request that changes something. Throws `Refused` without the token, or when it cannot be read. */
async function readChange(request: IncomingMessage, token: string): Promise<unknown> {
  const refusal = refuseChange(request, token);
  if (refusal) {
    throw new Refused(refusal.status, {
      title: 'Not allowed',
      detail: refusal.error,
      remedy: 'Reload the page: "npm start" may have been started anew, and the page has the token of the run before.',
    });
  }
  try {
    const text = (await readBody(request, LIMIT_BYTES)).toString('utf8');
    return text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new Refused(error instanceof BodyTooLarge ? 413 : 400, {
      title: 'The request cannot be read',
      detail: (error as Error).message,
      remedy: error instanceof BodyTooLarge ? 'Send a smaller file.' : 'Send JSON.',
    });
  }
}
