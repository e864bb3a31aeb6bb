import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Clock } from '../../../platform/clock.ts';
import type { BatchQueue, Entry } from './batch-queue.ts';
import type { Replay } from './replay.ts';
import { type ItemError, isRedirect, judge, type Verdict } from './verdict.ts';

type Partly = Verdict & { kind: 'partly' };

export interface SpoolClient extends HttpClient {
  /** Sends a kept batch as the exporter would now: to the same address, with its newest token. */
  sendKept(body: string): Promise<Verdict | { kind: 'redirected' }>;
  /** Keeps the items that may be taken later in the place of the batch; gives up the others. */
  keepRest(entry: Entry, body: string, verdict: Partly): Promise<void>;
  /** Whether it is known yet where the exporter sends to. */
  knowsAddress(): boolean;
  /** Ends a delivery under way; its batch stays. */
  abort(): void;
}

interface SpoolClientOptions {
  inner: HttpClient;
  queue: BatchQueue;
  replay: Pick<Replay, 'blocked' | 'failed' | 'wake'>;
  clock: Clock;
  /** Told of items that the endpoint took the others of the batch without, for good. */
  refused(body: string, errors: readonly ItemError[], problem: string): void;
  timeoutMs?: number;
}

/**
 * What the exporter sends through. A batch is kept before it is sent and until it is delivered. To the exporter a kept
 * batch is an accepted one: it neither tries again nor reports a loss. What is refused for good, it is told.
 */
export function createSpoolClient(options: SpoolClientOptions): SpoolClient {
  const { inner, queue, replay, clock, refused, timeoutMs = 10_000 } = options;
  const ending = new AbortController();
  let latest: PipelineRequest | undefined;

  async function attempt(request: PipelineRequest): Promise<{ response?: PipelineResponse; verdict: Verdict }> {
    try {
      const response = await inner.sendRequest(request);
      return { response, verdict: judge(response, clock.now()) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { verdict: { kind: 'later', problem: `no answer: ${reason}` } };
    }
  }

  async function keepRest(entry: Entry, body: string, { later }: Partly): Promise<void> {
    if (later.length === 0) return queue.remove(entry);
    const items = JSON.parse(body) as unknown[];
    await queue.shrink(entry, JSON.stringify(later.map((index) => items[index])));
  }

  return {
    async sendRequest(request) {
      const { body, method } = request;
      if (method !== 'POST' || typeof body !== 'string') return inner.sendRequest(request);
      latest = request;
      request.timeout ||= timeoutMs;
      const kept = queue.keep(body);
      if (replay.blocked()) {
        queue.release(await kept);
        replay.wake(); // the outage may be over by now
        return answer(request, 200, []);
      }

      const { response, verdict } = await attempt(request);
      if (response && (isRedirect(response) || verdict.kind === 'delivered' || verdict.kind === 'refused')) {
        void kept.then(queue.remove);
        if (!isRedirect(response)) replay.wake();
        return response;
      }
      if (verdict.kind === 'partly') {
        await keepRest(await kept, body, verdict);
        if (verdict.later.length > 0) replay.failed(verdict.problem, verdict.waitMs);
        return answer(request, verdict.refused.length > 0 ? 206 : 200, verdict.refused);
      }
      queue.release(await kept);
      if (verdict.kind === 'later') replay.failed(verdict.problem, verdict.waitMs);
      return answer(request, 200, []);
    },
    async sendKept(body) {
      if (!latest) return { kind: 'later', problem: 'nothing was sent yet' };
      const { response, verdict } = await attempt(repeat(latest, body, timeoutMs, ending.signal));
      return response && isRedirect(response) ? { kind: 'redirected' } : verdict;
    },
    async keepRest(entry, body, verdict) {
      await keepRest(entry, body, verdict);
      if (verdict.refused.length > 0) refused(body, verdict.refused, verdict.problem);
    },
    knowsAddress: () => latest !== undefined,
    abort: () => ending.abort(),
  };
}

function answer(request: PipelineRequest, status: number, errors: readonly ItemError[]): PipelineResponse {
  const headers = createHttpHeaders({ 'content-type': 'application/json' });
  return { request, status, headers, bodyAsText: JSON.stringify({ itemsReceived: 0, itemsAccepted: 0, errors }) };
}

const ofOneRequest = ['content-length', 'x-ms-client-request-id'];

/** Never stored: what a request carries beside its body may be a token. */
function repeat(latest: PipelineRequest, body: string, timeout: number, abortSignal: AbortSignal): PipelineRequest {
  const { url, method, agent, tlsSettings, proxySettings, allowInsecureConnection = false } = latest;
  const headers = createHttpHeaders(latest.headers.toJSON({ preserveCase: true }));
  for (const name of ofOneRequest) headers.delete(name);
  const request = createPipelineRequest({ url, method, body, headers, timeout, abortSignal, allowInsecureConnection });
  return Object.assign(request, { agent, tlsSettings, proxySettings });
}
