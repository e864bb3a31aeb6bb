import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, delayAnswer } from '../loopback/answer.ts';
import { BodyTooLarge, readBody } from '../loopback/body.ts';
import type { Verdict } from './destination-faults.ts';
import type { Ledger, Outcome } from './ledger.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;
const STATUS: Readonly<Record<Outcome, number>> = { first: 201, repeat: 200, conflict: 409 };

/** Of a destination that stands for any system: its status (200), headers, and its body as JSON. */
export interface CannedAnswer {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

/**
 * Takes `POST /<destination>`, and of a destination with a canned answer every request below `/<destination>`. The content counts as received before it is answered, as with a real system: a sender that
 * loses patience with a slow answer delivers the same content again, and the ledger counts a duplicate.
 */
export function createDelivery({
  ledger,
  names,
  answerOf,
  judge,
  answered,
  maxBodyBytes,
}: {
  ledger: Ledger;
  names: readonly string[];
  /** Undefined for a destination that does not exist. */
  answerOf: (destination: string) => CannedAnswer | 'the ledger' | undefined;
  judge: (destination: string) => Verdict;
  /** Told of each answer that was sent, and of each delivery that gets none (`hang`). */
  answered: (destination: string, status: number | 'hang') => void;
  maxBodyBytes: number;
}) {
  return async function deliver(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [destination = '', ...below] = request.url?.split('?')[0]?.slice(1).split('/') ?? [];
    const canned = answerOf(destination);
    const ledgerAnswers = canned === 'the ledger';
    if (canned === undefined || (ledgerAnswers && below.length > 0)) {
      return answerJson(response, 404, { error: `There is no such destination; these are: ${names.join(', ')}` });
    }
    const answer = (status: number, body: object, headers: Record<string, string> = {}) => {
      if (response.destroyed) return;
      answered(destination, status);
      answerJson(response, status, body, headers);
    };
    if (ledgerAnswers && request.method !== 'POST') return answer(405, { error: 'Use POST' }, { allow: 'POST' });
    let content: Buffer;
    try {
      content = await readBody(request, maxBodyBytes);
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error;
      return answer(413, { error: error.message });
    }
    const key = request.headers['idempotency-key'] ?? (ledgerAnswers ? undefined : randomUUID());
    if (typeof key !== 'string' || !KEY.test(key)) {
      return answer(400, { error: 'Idempotency-Key is missing or not 1 to 255 visible ASCII characters' });
    }
    const verdict = judge(destination);
    if (!verdict.take) {
      if (verdict.status === undefined) return answered(destination, 'hang');
      return answer(verdict.status, { error: verdict.error }, verdict.headers);
    }
    const sha256 = createHash('sha256').update(content).digest('hex');
    const contentType = request.headers['content-type'] ?? '';
    const outcome = ledger.record({ key, destination, sha256, bytes: content.length, contentType });
    await delayAnswer(response, verdict.delayMs);
    if (!ledgerAnswers) return answer(canned.status ?? 200, canned.body ?? {}, { ...canned.headers });
    if (outcome === 'conflict') return answer(409, { error: `"${key}" was delivered with other content` });
    answer(STATUS[outcome], { key, destination, sha256, bytes: content.length });
  };
}
