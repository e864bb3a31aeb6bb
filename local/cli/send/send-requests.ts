import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout } from 'node:timers/promises';
import type { Follow, OutgoingRequest } from '../../business/local-business.ts';
import { createPatience, type Patience } from './patience.ts';
import { type Answer, postRequest } from './post-request.ts';
import type { Tally } from './tally.ts';

const DEFAULT_RETRY_MS = 500;
const askedToWait = new Set([429, 503]);

/**
 * Sends every request once, several at a time. Asked again are only those that the service certainly or perhaps does not
 * have: 503 and 429 after their Retry-After, and a connection that broke; an Idempotency-Key makes a repeat the same request.
 * When the service has answered nothing else for `timeoutMs`, the rest counts as failed without being asked for.
 */
export async function sendRequests({
  requests,
  url,
  serviceBus,
  follow,
  tally,
  concurrency,
  timeoutMs,
  hesitated = () => {},
}: {
  requests: Iterable<OutgoingRequest>;
  /** Of the service. */
  url: string;
  serviceBus?: string | undefined;
  follow: Follow | undefined;
  tally: Tally;
  concurrency: number;
  timeoutMs: number;
  /** Told why a request has to be sent again. */
  hesitated?: (reason: string) => void;
}): Promise<void> {
  // The agent decides whether TLS is spoken.
  const agent = new (url.startsWith('https:') ? HttpsAgent : Agent)({ keepAlive: true, maxSockets: concurrency });
  const patience = createPatience(timeoutMs);
  const queue = requests[Symbol.iterator]();

  const work = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const outgoing = next.value;
      const answer = await ask(
        () => postRequest(outgoing, { url, serviceBus, agent, follow }, patience.signal),
        patience,
        hesitated,
      );
      count(outgoing, answer, { tally, follow });
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
  } finally {
    patience.stop();
    agent.destroy();
  }
}

async function ask(
  post: () => Promise<Answer>,
  patience: Patience,
  hesitated: (reason: string) => void,
): Promise<Answer> {
  let last: Answer = { kind: 'unanswered', reason: 'the service had answered nothing for too long' };
  while (!patience.signal.aborted) {
    const answer = await post();
    const isFinal = answer.kind === 'answered' ? !askedToWait.has(answer.status) : answer.kind === 'unreadable';
    if (isFinal) {
      patience.renew();
      return answer;
    }
    if (patience.signal.aborted) break; // it was cut off by us: what came before says more
    last = answer;
    hesitated(answer.kind === 'answered' ? `it answers ${answer.status}` : answer.reason);
    const waitMs = answer.kind === 'answered' ? (answer.retryAfterMs ?? DEFAULT_RETRY_MS) : DEFAULT_RETRY_MS;
    await setTimeout(waitMs, undefined, { signal: patience.signal }).catch(() => undefined);
  }
  return last;
}

function count(
  { label, expectedStatus }: OutgoingRequest,
  answer: Answer,
  { tally, follow }: { tally: Tally; follow: Follow | undefined },
): void {
  if (answer.kind !== 'answered') {
    tally.failed(label, answer.reason);
    return;
  }
  const { status, id, sha256 } = answer;
  const isAccepted = status >= 200 && status < 300;
  if (isAccepted && follow === undefined) tally.answered();
  else if (isAccepted && id !== undefined) tally.accepted(id, follow?.sameContent ? sha256 : undefined);
  else if (status >= 400 && status < 500) tally.refused(status);
  else tally.failed(label, `the service answered ${status}`);
  if (expectedStatus !== undefined && expectedStatus !== status) tally.surprised(label, expectedStatus, status);
}
