import { randomBytes } from 'node:crypto';
import { isLoopbackUrl } from '../../../src/config/loopback.ts';
import type { OutgoingRequest } from '../../business/local-business.ts';
import { exitCodes, UsageError } from '../command.ts';
import type { SendRequest } from './carry-out-send.ts';
import type { Chosen } from './choose-business.ts';
import { listFiles } from './file-list.ts';
import { describeAnswers, describeFindings } from './send-report.ts';
import { sendRequests } from './send-requests.ts';
import { createTally } from './tally.ts';

/** The address of a service elsewhere. Throws `UsageError` for one that a token must not travel to, and one with a path. */
export function readServiceUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackUrl(url));
  if (url && isSafe && url.pathname === '/' && !url.search && !url.username) return url;
  throw new UsageError(
    `--url takes an https address without a path, such as https://orders.example.com, not "${text}".`,
  );
}

/**
 * Sends to a service elsewhere, prints how it answered, and answers the exit code. What becomes of an accepted request is not
 * seen: there is no ledger there, and its broker takes no key. Each request begins a trace; the id of the first is printed.
 */
export async function sendToUrl(request: SendRequest, chosen: Chosen, url: URL, token?: string): Promise<number> {
  const startedAt = performance.now();
  const list = await listFiles(request.paths);
  const tally = createTally();
  for (const { path, reason } of list.unreadable) tally.failed(path, reason);
  const traces: string[] = [];
  const begun = (traceId: string) => traces.length === 0 && traces.push(traceId);
  await sendRequests({
    requests: withHeaders(chosen.requests({ paths: list.files, seed: request.seed, runId: newId(8) }), token, begun),
    url: url.href,
    follow: undefined,
    tally,
    concurrency: request.concurrency,
    timeoutMs: request.timeoutMs,
  });
  const { sent, accepted, refused, failed, seconds } = tally.result((performance.now() - startedAt) / 1000);
  const answers = { sent, accepted, refused, failed, seconds, firstTrace: traces[0] ?? '' };
  process.stderr.write(describeFindings(tally.findings));
  (request.json ? process.stderr : process.stdout).write(describeAnswers(answers));
  if (request.json) process.stdout.write(`${JSON.stringify(answers)}\n`);
  return tally.findings.length > 0 || accepted === 0 ? exitCodes.finding : exitCodes.done;
}

const newId = (bytes: number) => randomBytes(bytes).toString('hex');

/** Adds to each request its trace (W3C Trace Context) and the token. */
function* withHeaders(
  requests: Iterable<OutgoingRequest>,
  token: string | undefined,
  begun: (traceId: string) => void,
): Generator<OutgoingRequest> {
  for (const request of requests) {
    if ('target' in request) {
      throw new UsageError(`${request.label} is a message for ${request.target}: --url reaches routes only.`);
    }
    const traceId = newId(16);
    begun(traceId);
    const traceparent = `00-${traceId}-${newId(8)}-01`;
    yield {
      ...request,
      headers: { ...request.headers, traceparent, ...(token && { authorization: `Bearer ${token}` }) },
    };
  }
}
