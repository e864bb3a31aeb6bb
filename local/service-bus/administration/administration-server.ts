import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson } from '../../loopback/answer.ts';
import { BodyTooLarge, readBody } from '../../loopback/body.ts';
import { type LoopbackServer, startLoopbackServer } from '../../loopback/loopback-server.ts';
import type { Directory } from '../directory.ts';
import { BrokerError, conditions } from '../entity/broker-error.ts';
import { refuseChange, refuseUnsigned } from './administration-guard.ts';
import { writeFault } from './atom.ts';
import { runAtomOperation } from './atom-operations.ts';
import { runJsonOperation } from './json-operations.ts';

const LIMIT_BYTES = 256 * 1024;
const STATUS: Readonly<Record<string, number>> = { [conditions.notFound]: 404, [conditions.notAllowed]: 409 };

export interface AdministrationOptions {
  directory: Directory;
  /** Demanded by what changes state, apart from the administration client's own requests. */
  token: string | undefined;
}

/**
 * Two interfaces on one loopback address: Azure's administration client (Atom, known by its `api-version`) and the small
 * JSON one. Foreign hosts and origins are refused by the server below.
 */
export function startAdministration({ directory, token }: AdministrationOptions): Promise<LoopbackServer> {
  const json = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const { method = 'GET', headers } = request;
    const refusal = method === 'GET' ? undefined : refuseChange(headers, token);
    if (refusal) return answerJson(response, refusal.status, { error: refusal.error });
    try {
      const text = (await readBody(request, LIMIT_BYTES)).toString('utf8');
      const answer = runJsonOperation(directory, method, path, text ? JSON.parse(text) : undefined);
      answerJson(response, answer.status, answer.body);
    } catch (error) {
      answerJson(response, statusOf(error), { error: (error as Error).message });
    }
  };

  const atom = async (request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams) => {
    const { method = 'GET', headers } = request;
    const refusal = refuseUnsigned(headers);
    if (refusal) return answerXml(response, refusal.status, writeFault(refusal.status, refusal.error));
    try {
      const body = (await readBody(request, LIMIT_BYTES)).toString('utf8');
      const update = headers['if-match'] === '*';
      const baseUrl = `http://${headers.host}`;
      const answer = await runAtomOperation(directory, { method, path: path.slice(1), query, body, update, baseUrl });
      answerXml(response, answer.status, answer.xml);
    } catch (error) {
      const status = statusOf(error);
      answerXml(response, status, writeFault(status, (error as Error).message));
    }
  };

  return startLoopbackServer({
    handle(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      // The administration client lists subscriptions under a path that ends in a slash.
      const path = decode(pathname.replace(/\/+$/, ''));
      if (path === undefined) return answerJson(response, 400, { error: 'The path cannot be decoded' });
      return searchParams.has('api-version')
        ? atom(request, response, path, searchParams)
        : json(request, response, path);
    },
  });
}

/** Everything that is thrown here is about what was asked, and says so. */
function statusOf(error: unknown): number {
  if (error instanceof BodyTooLarge) return 413;
  return error instanceof BrokerError ? (STATUS[error.condition] ?? 400) : 400;
}

function answerXml(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'application/atom+xml;type=entry;charset=utf-8' });
  response.end(xml);
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
