import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Run } from '../run-file/index.ts';
import { UsageError } from './command.ts';

export interface ControlClient {
  get(path: string): Promise<unknown>;
  send(method: 'PUT' | 'POST', path: string, body: unknown): Promise<unknown>;
  /** The answer as it comes, for what may be large; with a body, the answer to a POST. */
  stream(path: string, body?: unknown): Promise<IncomingMessage>;
  close(): void;
}

/**
 * Talks to the control server of a run. Every method throws `UsageError` with the server's own sentence when it refuses, or
 * with what to do when it is gone. An agent of its own, because the global one may be told to use a proxy.
 */
export function createControlClient({ dashboard, token }: Pick<Run, 'dashboard' | 'token'>): ControlClient {
  const agent = new Agent({ keepAlive: true });

  const call = (method: string, path: string, body?: unknown) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers: OutgoingHttpHeaders =
        body === undefined ? {} : { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const unreachable = (cause: Error) =>
        reject(new UsageError(`${dashboard} does not answer: run "npm start" first.`, { cause }));
      request(new URL(path, dashboard), { method, agent, headers }, resolve)
        .once('error', unreachable)
        .end(body === undefined ? undefined : JSON.stringify(body));
    });
  const accepted = async (answer: IncomingMessage) => {
    if (answer.statusCode === 200) return answer;
    const refusal = (await json(answer).catch(() => ({}))) as { error?: string };
    throw new UsageError(refusal.error ?? `${dashboard} answered ${answer.statusCode}.`);
  };

  return {
    get: async (path) => json(await accepted(await call('GET', path))),
    send: async (method, path, body) => json(await accepted(await call(method, path, body))),
    stream: async (path, body) => accepted(await call(body === undefined ? 'GET' : 'POST', path, body)),
    close: () => agent.destroy(),
  };
}
