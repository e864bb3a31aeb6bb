import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { RowFilter, TableName } from '../application-insights/index.ts';
import { answerJson } from '../loopback/answer.ts';
import { BodyTooLarge, readBody } from '../loopback/body.ts';
import { type Handle, type LoopbackServer, startLoopbackServer } from '../loopback/loopback-server.ts';
import { answerKql } from './answer-kql.ts';
import { refuseChange } from './authorize.ts';
import type { StandIns, Switchable } from './controlled-stand-ins.ts';

const LIMIT_BYTES = 256 * 1024;
export const maxLedgerKeys = 1_000;

const modeBody = z.looseObject({ mode: z.string() });
const ledgerBody = z.strictObject({ keys: z.array(z.string()).max(maxLedgerKeys) });

export interface Control extends Pick<LoopbackServer, 'url' | 'stop'> {
  /** What `GET /api/run` answers: never the token. */
  show(facts: object): void;
}

/** What belongs to the commands below `/api/`; the page has the rest. */
const roomsOfCommands = new Set(['run', 'alerts', 'rows', 'story', 'faults', 'ledger', 'kql']);

/**
 * The one server that the commands and the page talk to. For the commands, reading: `GET /api/run`, `/api/alerts` (the rules with
 * state and history), `/api/faults`, `/api/faults/<stand-in>`, `/api/rows`, and as JSON lines `/api/story/<id>` and
 * `/api/rows/<table>?operation=<id>&last=<n>&from=<n>&named`, which tells in `x-rows-next` where to go on. With the token:
 * `PUT /api/faults/<stand-in>`, `POST /api/ledger` (which of the keys have arrived) and `POST /api/kql` (a query, answered as JSON
 * lines: the columns, then the rows). Every other address is the page's. Throws when the port is taken.
 */
export async function startControl({
  port = 0,
  token,
  standIns,
  page,
}: {
  port?: number;
  token: string;
  standIns: StandIns;
  /** Answers every address that is not the commands'. */
  page?: Handle;
}): Promise<Control> {
  let run: object = {};

  const read = async (
    request: IncomingMessage,
    response: ServerResponse,
    room: string,
    name: string,
    query: URLSearchParams,
  ) => {
    if (room === 'run' && !name) return answerJson(response, 200, run);
    if (room === 'alerts' && !name) return answerJson(response, 200, { rules: standIns.alerts?.() ?? [] });
    if (room === 'rows') return answerRows(response, name, query);
    if (room === 'story' && name) return answerLines(response, linesOf([await standIns.story(name)]));
    if (room !== 'faults') return notFound(request, response);
    if (!name) {
      const states = Object.entries(standIns.switches).flatMap(([each, standIn]) =>
        typeof standIn === 'string' ? [] : [[each, standIn.faults.state()]],
      );
      return answerJson(response, 200, Object.fromEntries(states));
    }
    const chosen = find(response, name);
    return chosen && answerJson(response, 200, chosen.faults.state());
  };

  const change = async (request: IncomingMessage, response: ServerResponse, room: string, name: string) => {
    const refusal = refuseChange(request, token);
    if (refusal) return answerJson(response, refusal.status, { error: refusal.error });
    const body = await readJson(request, response);
    if (body === undefined) return;
    if (request.method === 'POST' && room === 'ledger' && !name) return answerLedger(response, body);
    if (request.method === 'POST' && room === 'kql' && !name) return answerKql(response, standIns.kql, body);
    if (request.method !== 'PUT' || room !== 'faults') return notFound(request, response);
    const chosen = find(response, name);
    return chosen && switchMode(response, chosen, body);
  };

  /** Where there is none of that name, says so to whoever asked. */
  const find = (response: ServerResponse, name: string): Switchable | undefined => {
    const found = Object.entries(standIns.switches).find(([each]) => each === name)?.[1];
    if (typeof found === 'object') return found;
    const known = Object.keys(standIns.switches).join(', ');
    answerJson(response, 404, { error: found ?? `There is no stand-in "${name}"; choose one of ${known}` });
    return undefined;
  };

  const answerRows = async (response: ServerResponse, table: string, query: URLSearchParams) => {
    const { workspace } = standIns;
    const tables = Object.keys(workspace.schema);
    const dropped = await workspace.dropped();
    if (!table) return answerJson(response, 200, { tables, dropped });
    if (!tables.includes(table)) {
      return answerJson(response, 404, { error: `There is no table "${table}"; choose one of ${tables.join(', ')}` });
    }
    const to = await workspace.place();
    response.setHeader('x-rows-next', String(to));
    response.setHeader('x-rows-dropped', String(dropped[table as TableName] ?? 0));
    return answerLines(response, linesOf(workspace.rows(table, { ...readFilter(query), to })));
  };

  const answerLedger = (response: ServerResponse, body: unknown) => {
    const read = ledgerBody.safeParse(body);
    if (!read.success) return answerJson(response, 400, { error: z.prettifyError(read.error) });
    const found = read.data.keys.flatMap(standIns.ledger);
    answerJson(response, 200, { found });
  };

  const server = await startLoopbackServer({
    port,
    handle(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const [api, room = '', name = '', ...rest] = pathname.slice(1).split('/').map(decode);
      if (page && (api !== 'api' || !roomsOfCommands.has(room))) return page(request, response);
      if (api !== 'api' || rest.length > 0) return notFound(request, response);
      const reads = request.method === 'GET' || request.method === 'HEAD';
      return reads ? read(request, response, room, name, searchParams) : change(request, response, room, name);
    },
  });
  return {
    url: server.url,
    stop: server.stop,
    show(facts) {
      run = facts;
    },
  };
}

function readFilter(query: URLSearchParams): RowFilter {
  const count = (name: string) => (/^\d{1,15}$/.test(query.get(name) ?? '') ? Number(query.get(name)) : undefined);
  const operationId = query.get('operation') ?? undefined;
  return { operationId, from: count('from'), last: count('last'), named: query.has('named') };
}

async function* linesOf(
  pieces: AsyncIterable<readonly object[]> | Iterable<readonly object[]>,
): AsyncGenerator<string> {
  for await (const rows of pieces) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

async function answerLines(response: ServerResponse, lines: AsyncIterable<string>): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  // A reader that goes away (`| head`) is no failure.
  await pipeline(Readable.from(lines), response).catch(() => response.destroy());
}

async function switchMode(response: ServerResponse, { faults }: Switchable, body: unknown): Promise<void> {
  const asked = modeBody.safeParse(body);
  if (!asked.success) return answerJson(response, 400, { error: 'Send {"mode":"<mode>"} and its options' });
  const { mode, ...options } = asked.data;
  try {
    answerJson(response, 200, await faults.mode(mode, options));
  } catch (error) {
    answerJson(response, 400, { error: (error as Error).message });
  }
}

async function readJson(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  try {
    return JSON.parse((await readBody(request, LIMIT_BYTES)).toString('utf8'));
  } catch (error) {
    const status = error instanceof BodyTooLarge ? 413 : 400;
    answerJson(response, status, { error: `The body cannot be read: ${(error as Error).message}` });
    return undefined;
  }
}

function notFound({ method, url }: IncomingMessage, response: ServerResponse): void {
  answerJson(response, 404, { error: `There is no ${method} ${url}` });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
