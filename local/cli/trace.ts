import { text } from 'node:stream/consumers';
import type { Row } from './../application-insights/index.ts';
import { defineCommand, exitCodes, type Host, runProcess, UsageError } from './command.ts';
import { createControlClient } from './control-client.ts';
import { clockTime, cut, oneLine, type Paint, paintFor } from './for-eyes.ts';
import { requireRun } from './require-run.ts';
import { describeRow, duration } from './rows/describe-row.ts';
import { type TreeLine, treeOf } from './trace/tree.ts';

const help = `npm run trace -- <id>

Shows the way of one request or message as a tree with times: the requests, calls, log lines, errors and events that the
local Application Insights holds, each under what caused it.

  npm run trace -- 4bf92f3577b34da6a3ce929d0e0e4736
  npm run trace -- f43f4479

  <id>           an operation (trace), correlation or message id, or any id that a log line or an event of yours carries
                 under a name that ends in "Id"; its first 6 characters are enough
  --json         the rows instead, one object a line, oldest first
  --run <file>   the run to talk to, instead of this checkout's

Exit code 1: nothing has that id. A row comes about 5 seconds after what it tells of.
`;

const options = { run: { type: 'string' }, json: { type: 'boolean' } } as const;
const someWidth = 160;

/** `npm run trace` */
export const trace = defineCommand({ help, options, allowPositionals: true }, async ({ positionals, values }, host) => {
  const [given, ...rest] = positionals;
  const id = given?.replace(/…$/, '').trim();
  if (!id || rest.length > 0) throw new UsageError('Name one id: of an operation, a correlation or a message.');
  const control = createControlClient(await requireRun({ file: values.run }));
  try {
    const lines = await text(await control.stream(`/api/story/${encodeURIComponent(id)}`));
    if (lines === '') {
      host.stderr.write(
        `Nothing has the id "${id}": it must be an operation, correlation or message id, and a row comes about 5 seconds after what it tells of.\n`,
      );
      return exitCodes.finding;
    }
    const rows = () =>
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Row);
    host.stdout.write(values.json ? lines : describeTree(rows(), host));
    return exitCodes.done;
  } finally {
    control.close();
  }
});

/** The tree, and why some of it may stand apart. */
export function describeTree(rows: readonly Row[], { stdout, env }: Pick<Host, 'stdout' | 'env'>): string {
  const paint = paintFor({ stdout, env });
  const width = stdout.isTTY ? stdout.columns || someWidth : Number.POSITIVE_INFINITY;
  const lines = treeOf(rows).map((line) => describeLine(line, { paint, width }));
  const operations = [...new Set(rows.flatMap(({ OperationId }) => OperationId ?? []))];
  const apart = rows.some(({ OperationId }) => OperationId === undefined);
  const notes = [
    operations.length === 1 ? `operation ${operations[0]}` : `${operations.length} operations`,
    ...(apart ? ['lines without an operation are of a handler at level 1; from level 2 on all is one operation'] : []),
  ];
  return `${lines.join('')}${paint('dim', notes.join('; '))}\n`;
}

function describeLine({ row, branch }: TreeLine, { paint, width }: { paint: Paint; width: number }): string {
  const { what, result, durationMs, fails, fields } = describeRow(row);
  const time = `${clockTime(row.TimeGenerated)}${row.TimeGenerated.slice(19, 23)}`;
  const words = [oneLine(what), result, duration(durationMs), fields].filter(Boolean).join('  ');
  const text = cut(words, Math.max(20, width - time.length - branch.length - kinds.width - 4));
  const kind = (kinds.of[row.Type] ?? '').padEnd(kinds.width);
  return `${paint('dim', `${time}  ${kind}`)}  ${paint('dim', branch)}${fails ? paint('red', text) : text}\n`;
}

const kinds: { width: number; of: Readonly<Record<string, string>> } = {
  width: 7,
  of: { AppRequests: 'request', AppDependencies: 'call', AppTraces: 'log', AppExceptions: 'error', AppEvents: 'event' },
};

if (import.meta.main) await runProcess(trace);
