import { randomBytes } from 'node:crypto';
import type { Follow } from '../../business/local-business.ts';
import { type LedgerLine, maxLedgerKeys } from '../../control/index.ts';
import type { Run } from '../../run-file/index.ts';
import { exitCodes, UsageError } from '../command.ts';
import { createControlClient } from '../control-client.ts';
import { noServiceBus } from '../start/queues-file.ts';
import type { Chosen } from './choose-business.ts';
import { type DeadLetters, openDeadLetters } from './dead-lettered-ids.ts';
import { createSettlement } from './ends-of-requests.ts';
import { type FileList, listFiles } from './file-list.ts';
import { createProgress } from './progress.ts';
import { describeFindings, describeResult } from './send-report.ts';
import { sendRequests } from './send-requests.ts';
import { createTally, type Tally } from './tally.ts';

const REFRESH_MS = 100;

export interface SendRequest {
  paths: readonly string[];
  /** Instead of paths: how many requests of the business's own. */
  sample: number | undefined;
  seed: number;
  timeoutMs: number;
  concurrency: number;
  json: boolean;
}

const warn = (sentence: string) => process.stderr.write(`${sentence}\n`);

/** Sends, waits for the end of every accepted request, prints the result, and answers the exit code. */
export async function send(request: SendRequest, chosen: Chosen, run: Run): Promise<number> {
  const startedAt = performance.now();
  const list = await listFiles(request.paths);
  const tally = createTally();
  for (const { path, reason } of list.unreadable) tally.failed(path, reason);

  const progress = createProgress(request.sample ?? list.files.length + list.unreadable.length);
  const refresh = setInterval(() => progress.show(tally.ended(), tally.ended() + tally.waiting.size), REFRESH_MS);
  try {
    await sendAndWait({ request, chosen, run, list, tally });
  } finally {
    clearInterval(refresh);
    progress.stop();
  }
  return report(request, tally, (performance.now() - startedAt) / 1000);
}

interface Sending {
  request: SendRequest;
  chosen: Chosen;
  run: Run;
  list: FileList;
  tally: Tally;
}

async function sendAndWait({ request, chosen, run, list, tally }: Sending): Promise<void> {
  const { seed, timeoutMs, concurrency } = request;
  const { follow } = chosen;
  const runId = randomBytes(8).toString('hex');
  const control = createControlClient(run);
  const deadLetters = follow ? deadLettersOf(run, follow) : nothingDead;
  const over = new AbortController();
  let allSent = false;
  const settlement = createSettlement({
    tally,
    deadLetters,
    chunk: maxLedgerKeys,
    ledger: async (keys) => ((await control.send('POST', '/api/ledger', { keys })) as { found: LedgerLine[] }).found,
  });
  const watching = settlement
    .watch(over.signal, () => allSent && tally.waiting.size === 0)
    .catch((error: Error) => warn(`The ledger cannot be read any more: ${error.message}`));

  let timer: NodeJS.Timeout | undefined;
  try {
    await sendRequests({
      requests: chosen.requests({ paths: list.files, seed, runId }),
      url: run.service,
      serviceBus: run.serviceBus,
      follow,
      tally,
      concurrency,
      timeoutMs,
      hesitated: once((reason: string) =>
        warn(`The service does not accept requests (${reason}): asking again for ${timeoutMs / 1000} s at most.`),
      ),
    });
    allSent = true;
    timer = setTimeout(() => over.abort(), timeoutMs);
    await watching;
  } finally {
    clearTimeout(timer);
    over.abort();
    control.close();
    await deadLetters.close().catch(() => undefined); // the broker may be away
  }
}

function deadLettersOf({ serviceBus }: Run, follow: Follow): DeadLetters {
  if (serviceBus !== undefined) return openDeadLetters(serviceBus, follow);
  throw new UsageError(
    `${noServiceBus} What the business sends would come to no end: name its queue there and start "npm start" again.`,
  );
}

/** Without a queue to follow a request to. */
const nothingDead: DeadLetters = { async *ids() {}, async close() {} };

function once<Args extends unknown[]>(run: (...args: Args) => void): (...args: Args) => void {
  let done = false;
  return (...args) => {
    if (!done) run(...args);
    done = true;
  };
}

function report({ json }: SendRequest, tally: Tally, seconds: number): number {
  const result = tally.result(seconds);
  const table = describeResult(result, tally.repeatedDeliveries);
  process.stderr.write(describeFindings(tally.findings));
  if (json) {
    process.stderr.write(table);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } else {
    process.stdout.write(table);
  }
  const isRefused = result.sent > 0 && result.accepted + result.duplicates === 0;
  if (isRefused) warn('The service accepted none of them.');
  return result.lost > 0 || tally.findings.length > 0 || isRefused ? exitCodes.finding : exitCodes.done;
}
