import { Agent } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { OutgoingFile } from './outgoing-file.ts';
import { createPatience, type Patience } from './patience.ts';
import { type Answer, postFile } from './post-file.ts';
import type { Tally } from './tally.ts';

const DEFAULT_RETRY_MS = 500;
const askedToWait = new Set([429, 503]);

/**
 * Posts every file once, several at a time. Asked again are only those that the service certainly or perhaps does not
 * have: 503 and 429 after their Retry-After, and a connection that broke; the Idempotency-Key makes a repeat the same file.
 * When the service has answered nothing else for `timeoutMs`, the rest counts as failed without being asked for.
 */
export async function sendFiles({
  files,
  url,
  tally,
  concurrency,
  timeoutMs,
  hesitated = () => {},
}: {
  files: Iterable<OutgoingFile>;
  url: URL;
  tally: Tally;
  concurrency: number;
  timeoutMs: number;
  /** Told why a file has to be asked for again. */
  hesitated?: (reason: string) => void;
}): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const patience = createPatience(timeoutMs);
  const queue = files[Symbol.iterator]();

  const work = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const file = next.value;
      const answer = await ask(() => postFile(file, url, agent, patience.signal), patience, hesitated);
      count(file, answer, tally);
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

function count({ label, expectedStatus }: OutgoingFile, answer: Answer, tally: Tally): void {
  if (answer.kind !== 'answered') {
    tally.failed(label, answer.reason);
    return;
  }
  const { status, fileId, sha256 } = answer;
  if (status === 202 && fileId !== undefined) tally.accepted(fileId, sha256);
  else if (status >= 400 && status < 500) tally.refused(status);
  else tally.failed(label, `the service answered ${status}`);
  if (expectedStatus !== undefined && expectedStatus !== status) tally.surprised(label, expectedStatus, status);
}
