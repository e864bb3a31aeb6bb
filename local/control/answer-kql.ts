import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { jsonLine, KqlError, KqlUnsupported } from '../kql/index.ts';
import { answerJson } from '../loopback/answer.ts';
import type { StandIns } from './controlled-stand-ins.ts';

const kqlBody = z.strictObject({ query: z.string().min(1).max(200_000), sql: z.boolean().optional() });

/** What is wrong with a query, and where in its text. */
export interface KqlFault {
  kind: 'error' | 'unsupported';
  code: string;
  message: string;
  start: number;
  length: number;
}

const noTables = 'This run has no tables that KQL can be asked of.';

function faultOf(error: unknown): KqlFault | undefined {
  if (error instanceof KqlUnsupported) {
    const { message, start, length } = error;
    return { kind: 'unsupported', code: 'Unsupported', message, start, length };
  }
  if (!(error instanceof KqlError)) return undefined;
  const { code, message, start, length } = error;
  return { kind: 'error', code, message, start, length };
}

/**
 * Answers a query as JSON lines: `{"columns":[…]}` and one object a row; or one line `{"sql":"…"}` where the translation is
 * asked for, or `{"fault":{…}}` where the query cannot be run.
 */
export async function answerKql(response: ServerResponse, engine: StandIns['kql'], body: unknown): Promise<void> {
  const asked = kqlBody.safeParse(body);
  if (!asked.success) return answerJson(response, 400, { error: z.prettifyError(asked.error) });
  if (!engine) return answerJson(response, 404, { error: noTables });
  const { query, sql } = asked.data;
  let lines: Iterable<object>;
  try {
    if (sql) lines = [{ sql: (await engine.translate(query)).sql }];
    else {
      const { columns, rows } = await engine.run(query);
      lines = [{ columns }, ...rows];
    }
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) return answerJson(response, 500, { error: `The query failed: ${(error as Error).message}` });
    lines = [{ fault }];
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  // A reader that goes away (`| head`) is no failure.
  await pipeline(Readable.from(asText(lines)), response).catch(() => response.destroy());
}

const LINES_A_PIECE = 500;

function* asText(lines: Iterable<object>): Generator<string> {
  let piece: string[] = [];
  for (const line of lines) {
    piece.push(`${jsonLine(line)}\n`);
    if (piece.length < LINES_A_PIECE) continue;
    yield piece.join('');
    piece = [];
  }
  yield piece.join('');
}
