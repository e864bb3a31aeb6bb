import { randomBytes } from 'node:crypto';
import { type LedgerLine, maxLedgerKeys } from '../../control/index.ts';
import type { Run } from '../../run-file/index.ts';
import { exitCodes } from '../command.ts';
import { createControlClient } from '../control-client.ts';
import { openDeadLetters } from './dead-lettered-files.ts';
import { type FileList, listFiles } from './file-list.ts';
import { filesFromDisk, filesFromSample } from './outgoing-file.ts';
import { createProgress } from './progress.ts';
import { describeFindings, describeResult } from './report.ts';
import { sendFiles } from './send-files.ts';
import { createSettlement } from './settlement.ts';
import { createTally, type Tally } from './tally.ts';

/** The queue that the sample's files wait in. */
const QUEUE = 'files';
const REFRESH_MS = 100;

export interface SendRequest {
  paths: readonly string[];
  /** Instead of paths: how many files of the seeded sample. */
  sample: number | undefined;
  seed: number;
  timeoutMs: number;
  concurrency: number;
  json: boolean;
}

const warn = (sentence: string) => process.stderr.write(`${sentence}\n`);

/** Sends, waits for the end of every accepted file, prints the result, and answers the exit code. */
export async function send(request: SendRequest, run: Run): Promise<number> {
  const startedAt = performance.now();
  const list = await listFiles(request.paths);
  const tally = createTally();
  for (const { path, reason } of list.unreadable) tally.failed(path, reason);

  const progress = createProgress(request.sample ?? list.files.length + list.unreadable.length);
  const refresh = setInterval(() => progress.show(tally.ended(), tally.ended() + tally.waiting.size), REFRESH_MS);
  try {
    await sendAndWait(request, run, list, tally);
  } finally {
    clearInterval(refresh);
    progress.stop();
  }
  return report(request, tally, (performance.now() - startedAt) / 1000);
}

async function sendAndWait(request: SendRequest, run: Run, { files }: FileList, tally: Tally): Promise<void> {
  const { sample, seed, timeoutMs, concurrency } = request;
  const runId = randomBytes(8).toString('hex');
  const control = createControlClient(run);
  const deadLetters = openDeadLetters(run.serviceBus, QUEUE);
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
    await sendFiles({
      files: sample === undefined ? filesFromDisk(files, runId) : filesFromSample(sample, seed, runId),
      url: new URL('/files', run.service),
      tally,
      concurrency,
      timeoutMs,
      hesitated: once((reason: string) =>
        warn(`The service does not accept files (${reason}): asking again for ${timeoutMs / 1000} s at most.`),
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
  return result.lost > 0 || tally.findings.length > 0 ? exitCodes.finding : exitCodes.done;
}
