import { z } from 'zod';
import { KqlError, KqlUnsupported } from '../../kql/index.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import { Refused } from './api-problem.ts';
import type { ApiRoutes } from './api-router.ts';
import type { AskedRange } from './asked-range.ts';
import type { QueryCheck, QueryFault, QueryResult } from './contract.ts';
import { reasonOfNothing } from './empty-result.ts';
import { createRanges } from './ranges.ts';
import { readBodyAs } from './read-body.ts';
import { countRows } from './table-rows.ts';

const MOST_ROWS = 10_000;
const text = z.string().max(200_000);
const queryBody = z.strictObject({ query: text.min(1), range: z.string().max(20).optional() });
const checkBody = z.strictObject({ query: text });
const completionBody = z.strictObject({ query: text, position: z.int().min(0) });

/** Queries of the person at the page, and what the editor asks meanwhile. */
export function queryRoutes(parts: DashboardParts): ApiRoutes {
  const { kql, telemetry } = parts;
  const tables = Object.keys(telemetry.workspace.schema);
  const ranges = createRanges(parts);

  const run = async (query: string, range: AskedRange | undefined): Promise<QueryResult> => {
    const used = tablesIn(query, tables);
    const bounded =
      range === undefined ? '' : used.map((table) => `let ${table} = ${table} | where ${range.condition};\n`).join('');
    const startedAt = performance.now();
    const { columns, rows } = await kql.run(`${bounded}${query}`).catch((error: unknown) => {
      throw problemOf(error, bounded.length, query);
    });
    const ms = performance.now() - startedAt;
    const counts = await countRows(kql, used);
    const empty = rows.length === 0 ? await reasonOfNothing(parts, { used, counts, range }) : undefined;
    return {
      columns: columns.map((column) => ({ ...column })),
      rows: rows.slice(0, MOST_ROWS),
      total: rows.length,
      ms,
      read: [...counts.values()].reduce((sum, count) => sum + count, 0),
      timeSetIn: range === undefined ? 'query' : 'range',
      query: `${bounded}${query}`,
      ...(empty && { empty }),
    };
  };

  return {
    'POST query': async ({ body }) => {
      const { query, range } = readBodyAs(queryBody, body);
      const asked =
        range === undefined || setsTime(query) ? undefined : await ranges.read(new URLSearchParams({ range }));
      return { data: await run(query, asked) };
    },
    'POST query/check': async ({ body }) => {
      const { query } = readBodyAs(checkBody, body);
      return { data: await checkQuery(kql, query) };
    },
    'POST query/complete': async ({ body }) => {
      const { query, position } = readBodyAs(completionBody, body);
      return { data: await kql.complete(query, Math.min(position, query.length)) };
    },
  };
}

/** Whether a query says itself from when its rows are, as Azure's own editor decides it. */
const setsTime = (query: string): boolean => /\bTimeGenerated\b\s*(?:[<>=!]|between|in\b)/.test(query);

const tablesIn = (query: string, tables: readonly string[]): string[] => {
  const words = new Set(query.match(/\w+/g) ?? []);
  return tables.filter((table) => words.has(table));
};

async function checkQuery({ translate }: Pick<DashboardParts['kql'], 'translate'>, query: string): Promise<QueryCheck> {
  if (query.trim() === '') return { faults: [] };
  try {
    await translate(query);
    return { faults: [] };
  } catch (error) {
    const fault = faultOf(error, 0);
    if (!fault) throw error;
    return { faults: [fault] };
  }
}

/** `before`: how much text stands before the query, which its author has not written. */
function faultOf(error: unknown, before: number): QueryFault | undefined {
  if (error instanceof KqlUnsupported) {
    const { message, start, length } = error;
    return { code: 'Unsupported', message, start: Math.max(0, start - before), length, unsupported: true };
  }
  if (!(error instanceof KqlError)) return undefined;
  const { code, message, start, length } = error;
  const suggestion = /Did you mean (.+)\?$/.exec(message)?.[1];
  return {
    ...{ code, message, start: Math.max(0, start - before), length, unsupported: false },
    ...(suggestion !== undefined && { suggestion }),
  };
}

function problemOf(error: unknown, before: number, query: string): unknown {
  const fault = faultOf(error, before);
  if (!fault) return error;
  const lines = query.slice(0, fault.start).split('\n');
  return new Refused(422, {
    title: `Line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`,
    detail: fault.message,
    remedy: fault.unsupported
      ? 'Azure runs this, the translation for this machine does not: say it in another way here.'
      : 'Mend the query at this place.',
    more: { fault },
  });
}
