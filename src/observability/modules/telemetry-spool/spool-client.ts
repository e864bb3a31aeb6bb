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
  /** Keeps the items that may be taken later in the place of the batch; gives up the others. Whether any was dealt with. */
  keepRest(entry: Entry, body: string, verdict: Partly): Promise<boolean>;
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
  /** The exporter waits no longer than this for an answer: its next batch waits behind it, in memory. */
  patienceMs?: number;
}

/** Requests at once whose answers the exporter has not waited for; what comes beyond them is sent one at a time. */
const mostLate = 8;

/**
 * What the exporter sends through. A batch is kept before it is sent and until it is delivered. To the exporter a kept
 * batch is an accepted one: it neither tries again nor reports a loss. What is refused for good, it is told.
 */
export function createSpoolClient(options: SpoolClientOptions): SpoolClient {
  const { inner, queue, replay, clock, refused, timeoutMs = 10_000, patienceMs = 1_000 } = options;
  const ending = new AbortController();
  let latest: PipelineRequest | undefined;
  let late = 0;

  async function attempt(request: PipelineRequest): Promise<{ response?: PipelineResponse; verdict: Verdict }> {
    // The client's own timeout ends with the headers: a body that never comes would be waited for for ever.
    const tooLong = AbortSignal.timeout(timeoutMs);
    const given = request.abortSignal;
    request.abortSignal = given instanceof AbortSignal ? AbortSignal.any([given, tooLong]) : tooLong;
    try {
      const response = await inner.sendRequest(request);
      return { response, verdict: judge(response, clock.now()) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { verdict: { kind: 'later', problem: `no answer: ${reason}` } };
    }
  }

  async function keepRest(entry: Entry, body: string, { later }: Partly): Promise<boolean> {
    const items = JSON.parse(body) as unknown[];
    const rest = items.filter((_, index) => later.includes(index));
    if (rest.length === 0) queue.remove(entry);
    else await queue.shrink(entry, JSON.stringify(rest));
    return rest.length < items.length;
  }

  /** What the endpoint says after the exporter was told that the batch is kept. */
  async function settleLate(entry: Entry, body: string, sent: ReturnType<typeof attempt>): Promise<void> {
    const { response, verdict } = await sent;
    late -= 1;
    if (response && isRedirect(response)) return queue.release(entry);
    switch (verdict.kind) {
      case 'delivered':
        queue.remove(entry);
        return replay.wake();
      case 'refused':
        await queue.drop(entry, verdict.problem);
        return replay.wake();
      case 'partly':
        if (verdict.refused.length > 0) refused(body, verdict.refused, verdict.problem);
        return afterPart(await keepRest(entry, body, verdict), verdict);
      case 'later':
        queue.release(entry);
        return replay.failed(verdict.problem, verdict.waitMs);
    }
  }

  /** An endpoint that takes a part works: the rest is sent at once, unless it asks for time. */
  function afterPart(hasTaken: boolean, { problem, waitMs }: Partly): void {
    if (hasTaken && waitMs === undefined) replay.wake();
    else replay.failed(problem, waitMs);
  }

  return {
    async sendRequest(request) {
      const { body, method } = request;
      if (method !== 'POST' || typeof body !== 'string') return inner.sendRequest(request);
      latest = request;
      request.timeout ||= timeoutMs;
      const kept = queue.keep(body);
      if (replay.blocked() || late >= mostLate) {
        queue.release(await kept);
        replay.wake(); // the outage may be over by now
        return answer(request, 200, []);
      }

      const sent = attempt(request);
      const answered = await within(late > 0 ? 0 : patienceMs, sent);
      if (!answered) {
        late += 1;
        void kept.then((entry) => settleLate(entry, body, sent));
        await kept;
        return answer(request, 200, []);
      }
      const { response, verdict } = answered;
      if (response && (isRedirect(response) || verdict.kind === 'delivered' || verdict.kind === 'refused')) {
        void kept.then(queue.remove);
        if (!isRedirect(response)) replay.wake();
        return response;
      }
      if (verdict.kind === 'partly') {
        const hasTaken = await keepRest(await kept, body, verdict);
        if (verdict.later.length > 0) afterPart(hasTaken, verdict);
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
      if (verdict.refused.length > 0) refused(body, verdict.refused, verdict.problem);
      return keepRest(entry, body, verdict);
    },
    knowsAddress: () => latest !== undefined,
    abort: () => ending.abort(),
  };
}

/** Undefined when it takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
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
