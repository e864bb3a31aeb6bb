import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, delayAnswer } from '../loopback/answer.ts';
import { BodyTooLarge, readBody } from '../loopback/body.ts';
import { BrokenLine, NotABatch, readBatch } from './batch.ts';
import { decodeItem } from './decode.ts';
import { reasonOf, type Verdict } from './ingestion-faults.ts';
import type { Row } from './tables.ts';

/** What the exporter reads in every answer: whether an item is tried again depends on its `statusCode` here. */
export interface TrackResponse {
  itemsReceived: number;
  itemsAccepted: number;
  errors: { index: number; statusCode: number; message: string }[];
  appId: string;
}

export interface Ingestion {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers that were sent, by status; items that came in readable batches, and those of them that were accepted. */
  counts(): { answers: Record<string, number>; items: { received: number; accepted: number } };
}

const PATHS = ['/v2.1/track', '/v2/track'];

/** The Breeze endpoint: reads a batch, adds the rows of what it accepts, answers as `judge` says. It never redirects. */
export function createIngestion({
  add,
  judge,
  appId,
  maxBodyBytes,
}: {
  /** Resolves when a query sees the rows. */
  add: (rows: readonly Row[]) => Promise<void>;
  judge: () => Verdict;
  appId: string;
  maxBodyBytes: number;
}): Ingestion {
  const answers: Record<string, number> = {};
  const items = { received: 0, accepted: 0 };

  const answer = (
    response: ServerResponse,
    status: number,
    body: TrackResponse,
    headers: Record<string, string> = {},
  ) => {
    if (response.destroyed) return;
    answers[status] = (answers[status] ?? 0) + 1;
    answerJson(response, status, body, headers);
  };
  const refuseAll = (batch: readonly unknown[], statusCode: number): TrackResponse => ({
    itemsReceived: batch.length,
    itemsAccepted: 0,
    errors: batch.map((_, index) => ({ index, statusCode, message: reasonOf(statusCode) })),
    appId,
  });

  return {
    counts: () => ({ answers: { ...answers }, items: { ...items } }),
    async handle(request, response) {
      const path = request.url?.split('?')[0] ?? '';
      if (!PATHS.includes(path))
        return answerJson(response, 404, { error: `Only POST ${PATHS.join(' and ')} are here` });
      if (request.method !== 'POST') return answerJson(response, 405, { error: 'Use POST' }, { allow: 'POST' });
      let batch: unknown[];
      try {
        batch = await readBatch(
          await readBody(request, maxBodyBytes),
          request.headers['content-encoding'],
          maxBodyBytes,
        );
      } catch (error) {
        if (!(error instanceof BodyTooLarge || error instanceof NotABatch)) throw error;
        const statusCode = error instanceof BodyTooLarge ? 413 : 400;
        const errors = [{ index: 0, statusCode, message: error.message }];
        return answer(response, statusCode, { itemsReceived: 0, itemsAccepted: 0, errors, appId });
      }
      items.received += batch.length;
      const verdict = judge();
      if (verdict.status !== undefined) {
        return answer(response, verdict.status, refuseAll(batch, verdict.status), verdict.headers);
      }
      const { rows, errors } = decodeBatch(batch, verdict);
      await add(rows);
      const accepted = batch.length - errors.length;
      items.accepted += accepted;
      // The rows are in before the answer: a client that loses patience has sent them all the same, as with Azure.
      await delayAnswer(response, verdict.delayMs);
      const status = errors.length > 0 ? 206 : 200;
      answer(response, status, { itemsReceived: batch.length, itemsAccepted: accepted, errors, appId });
    },
  };
}

function decodeBatch(
  batch: readonly unknown[],
  { refuseItem }: Verdict,
): { rows: Row[]; errors: TrackResponse['errors'] } {
  const rows: Row[] = [];
  const errors: TrackResponse['errors'] = [];
  for (const [index, item] of batch.entries()) {
    const decoded = item instanceof BrokenLine ? { fault: item.message } : decodeItem(item);
    if (decoded.fault !== undefined) {
      errors.push({ index, statusCode: 400, message: decoded.fault });
      continue;
    }
    const refused = refuseItem();
    if (refused !== undefined) errors.push({ index, statusCode: refused, message: reasonOf(refused) });
    else if (decoded.row) rows.push(decoded.row);
  }
  return { rows, errors };
}
