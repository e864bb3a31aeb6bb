import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, delayAnswer } from '../../loopback/answer.ts';
import { BodyTooLarge, readBody } from '../../loopback/body.ts';
import { startLoopbackServer } from '../../loopback/loopback-server.ts';
import { NotABatch, readBatch } from '../batch.ts';
import { reasonOf, type Verdict } from '../ingestion-faults.ts';
import type { Row } from '../tables.ts';
import { createCertificate } from './certificate.ts';
import { readRows, securityTable } from './uploaded-rows.ts';

/** Azure refuses more in one request. */
const MAX_BODY_BYTES = 1024 * 1024;
const STREAM = `Custom-${securityTable}`;

/** Where the service sends security events. */
export interface SecurityLogs {
  /** `SECURITY_LOGS_ENDPOINT`. */
  readonly endpoint: string;
  /** `SECURITY_LOGS_RULE`. */
  readonly rule: string;
  /** The certificate to trust, in PEM. */
  readonly certificate: string;
}

export interface SecurityLogsServer extends SecurityLogs {
  close(): Promise<void>;
  reopen(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The Logs Ingestion API on this machine, over TLS, because the SDK sends no token without it. Takes the stream of the
 * security table alone. `judge` says how it answers; the rows are in before the answer.
 */
export async function startSecurityLogs({
  add,
  judge,
  rule = `dcr-${'0'.repeat(32)}`,
}: {
  add: (rows: readonly Row[]) => Promise<void>;
  judge: () => Verdict;
  rule?: string;
}): Promise<SecurityLogsServer> {
  const { key, cert } = await createCertificate();
  const path = `/dataCollectionRules/${rule}/streams/${STREAM}`;
  const refuse = (response: ServerResponse, status: number, message: string, headers = {}) =>
    answerJson(response, status, { error: { code: String(status), message } }, headers);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://127.0.0.1');
    if (pathname !== path) return refuse(response, 404, `Only POST ${path} is here`);
    if (request.method !== 'POST') return refuse(response, 405, 'Use POST');
    if (!/^Bearer \S/.test(request.headers.authorization ?? '')) return refuse(response, 401, 'Send a bearer token');
    if (!searchParams.has('api-version')) return refuse(response, 400, 'Name the api-version');
    const rows = await readUpload(request).catch((error: Error) => error);
    if (rows instanceof Error) return refuse(response, rows instanceof BodyTooLarge ? 413 : 400, rows.message);
    const { status, headers, delayMs } = judge();
    if (status !== undefined) return refuse(response, status, reasonOf(status), headers);
    await add(rows);
    await delayAnswer(response, delayMs);
    if (!response.destroyed) response.writeHead(204).end();
  }

  const { port, close, reopen, stop } = await startLoopbackServer({ handle, tls: { key, cert } });
  return { endpoint: `https://127.0.0.1:${port}`, rule, certificate: cert, close, reopen, stop };
}

/** Throws `BodyTooLarge`, or an error whose message says what is wrong with the body. */
async function readUpload(request: IncomingMessage): Promise<Row[]> {
  const body = await readBody(request, MAX_BODY_BYTES);
  const batch = await readBatch(body, request.headers['content-encoding'], MAX_BODY_BYTES);
  if (batch.length === 0) throw new NotABatch('The body has no rows');
  return readRows(batch);
}
