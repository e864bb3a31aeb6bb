import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { LocalBusiness, OutgoingRequest } from '../business/local-business.ts';
import { postRequest } from '../cli/send/post-request.ts';
import type { ServiceBus } from '../service-bus/index.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';
import type { MetricSampler } from './metric-samples.ts';

/** One request of the load. Times are milliseconds since 1970. */
export interface DrilledRequest {
  sentAt: number;
  /** When the answer came. */
  answeredAt?: number;
  /** The answer; absent where none came. */
  status?: number;
  /** Of its message, by which it is followed. */
  id?: string | undefined;
  sha256?: string;
}

/** To whom a load is sent. */
export interface LoadedService {
  url: string;
  serviceBus: Pick<ServiceBus, 'connectionString'>;
  checkout: Pick<DrilledCheckout, 'business'>;
  /** Hears of the answers, as the ingress does. */
  metrics: Pick<MetricSampler, 'record'>;
}

export type DrillLoad = ReturnType<typeof createDrillLoad>;

/** At the end of each stretch nothing is sent for so long, so that what is under way ends in the stretch in which it began. */
const restMs = 500;
const patienceMs = 15_000;
/** More than any drill sends. */
const most = 100_000;

/** Sends what the business describes, at a steady rate, each request once: what is refused is the caller's. */
export function createDrillLoad(
  { url, serviceBus, checkout, metrics }: LoadedService,
  perSecond: number,
  sign: (request: OutgoingRequest) => OutgoingRequest = (request) => request,
) {
  const { business } = checkout;
  const follow = business.requests?.follow;
  const agent = new Agent({ keepAlive: true });
  const ending = new AbortController();
  const sent: DrilledRequest[] = [];
  const underWay = new Set<Promise<void>>();
  const usual = usualRequests(business, randomUUID())[Symbol.iterator]();

  const ask = async (request: OutgoingRequest): Promise<void> => {
    const one: DrilledRequest = { sentAt: Date.now() };
    sent.push(one);
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(patienceMs)]);
    const broker = serviceBus.connectionString;
    const answer = await postRequest(request, { url, serviceBus: broker, agent, follow }, signal);
    if (answer.kind === 'answered') {
      const { status, id, sha256 } = answer;
      Object.assign(one, { status, id, sha256, answeredAt: Date.now() });
    }
    // Where the service does not answer, the ingress answers 503 for it, and counts that as its own answer.
    if (!('target' in request)) {
      const status = answer.kind === 'answered' ? answer.status : 503;
      metrics.record('Requests', { statusCodeCategory: `${Math.floor(status / 100)}xx` }, 1);
    }
  };
  const send = (request: OutgoingRequest): void => {
    const asking: Promise<void> = ask(request).finally(() => underWay.delete(asking));
    underWay.add(asking);
  };

  return {
    /** Oldest first. */
    sent: sent as readonly DrilledRequest[],
    /** One that is not among the usual ones. */
    send,
    /** A message that came into the queue by another way than the service; it is followed by its message id. */
    put: (id: string): void => void sent.push({ sentAt: Date.now(), status: 202, id }),
    /** Sends until a time or until the signal aborts, at `times` the usual rate. */
    async offer(until: number, times = 1, signal?: AbortSignal): Promise<void> {
      for (let due = Date.now(); due < until - restMs && !signal?.aborted; due += 1_000 / (perSecond * times)) {
        await wait(Math.max(0, due - Date.now()));
        const next = usual.next();
        if (!next.done) send(sign(next.value));
      }
    },
    /** Resolves when each has its answer. */
    async answered(): Promise<void> {
      await Promise.all(underWay);
    },
    async stop(): Promise<void> {
      ending.abort();
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}

/** Those that are delivered when nothing is wrong: the business's own for drills, else those of its sample that expect 2xx. */
export function* usualRequests({ requests, name }: LocalBusiness, runId: string): Generator<OutgoingRequest> {
  if (requests?.drill) {
    for (let index = 0; index < most; index++) yield requests.drill.usual(`${runId}-${index}`, index);
    return;
  }
  const sample = requests?.sample?.({ count: most, seed: 1, runId });
  if (!sample)
    throw new Error(`The business ${name} describes no requests: add "sample" or "drill" to its "requests".`);
  for (const request of sample) if ((request.expectedStatus ?? 202) < 300) yield request;
}
