import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { defineCommand, exitCodes, type Host, runProcess, UsageError } from './command.ts';
import { type ControlClient, createControlClient } from './control-client.ts';
import { requireRun } from './require-run.ts';
import { tableOf } from './rows/rows-table.ts';

const help = `npm run rows -- <table> [--last <n>] [--watch] [--operation <id>]

Shows the rows that the local Application Insights holds, those of earlier runs too, in the order in which they came: at a
terminal as a table of the last 20, elsewhere and with --json as one JSON object a line. A table that does not exist is
answered with the list.

  npm run rows -- AppRequests
  npm run rows -- AppTraces --operation 4bf92f3577b34da6a3ce929d0e0e4736
  npm run rows -- AppExceptions --watch

  --last <n>         only the newest n
  --watch            goes on with every row that comes, until Ctrl-C
  --operation <id>   only the rows of one operation (trace)
  --json             JSON lines at a terminal too
  --run <file>       the run to talk to, instead of this checkout's

The SDK of the service sends what it has every few seconds, so a row comes about 5 seconds after what it tells of. The table
leaves out rows without a name: at level 1 the SDK reports each of its receive calls, also those that brought nothing.
`;

const TABLE_ROWS = 20;
const WATCH_MS = 1_000;

const options = {
  operation: { type: 'string' },
  last: { type: 'string' },
  watch: { type: 'boolean' },
  run: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `npm run rows` */
export const rows = defineCommand({ help, options, allowPositionals: true }, async ({ positionals, values }, host) => {
  const [table, ...rest] = positionals;
  if (table === undefined || rest.length > 0)
    throw new UsageError('Name one table, such as AppRequests. Add --help for more.');
  const asTable = host.stdout.isTTY === true && !values.json;
  const last = values.last === undefined ? undefined : readCount(values.last);
  const query = (more: Record<string, string>) =>
    new URLSearchParams({
      ...(values.operation !== undefined && { operation: values.operation }),
      ...(asTable && { named: '' }),
      ...more,
    });
  const control = createControlClient(await requireRun({ file: values.run }));
  try {
    const shown = { control, table, host, asTable };
    const newest = last ?? (asTable ? TABLE_ROWS : undefined);
    let next = await show(shown, query(newest === undefined ? {} : { last: String(newest) }));
    if (next.empty) host.stderr.write(await whyEmpty(control, table, values.operation));
    if (next.dropped > 0) host.stderr.write(tellDropped(table, next.dropped));
    while (values.watch) {
      await setTimeout(WATCH_MS);
      next = await show(shown, query({ from: next.place }));
    }
    return exitCodes.done;
  } finally {
    control.close();
  }
});

interface Shown {
  control: ControlClient;
  table: string;
  host: Host;
  asTable: boolean;
}

/** Prints what there is and answers where to go on. */
async function show({ control, table, host, asTable }: Shown, query: URLSearchParams) {
  const answer = await control.stream(`/api/rows/${encodeURIComponent(table)}?${query}`);
  const place = String(answer.headers['x-rows-next'] ?? 0);
  const dropped = Number(answer.headers['x-rows-dropped'] ?? 0);
  let empty = true;
  if (asTable) {
    let text = '';
    for await (const piece of answer.setEncoding('utf8')) text += piece;
    empty = text === '';
    host.stdout.write(tableOf(text.split('\n').filter(Boolean), host));
  } else {
    answer.once('data', () => {
      empty = false;
    });
    await pipeline(answer, host.stdout, { end: false });
  }
  return { place, dropped, empty };
}

/** Nothing there is no failure: most often somebody asked too soon. */
async function whyEmpty(control: ControlClient, table: string, operation: string | undefined): Promise<string> {
  const { mode } = (await control.get('/api/faults/ingestion')) as { mode: string };
  const what = operation === undefined ? `${table} is empty` : `${table} has no row of operation ${operation}`;
  if (mode !== 'ok')
    return `${what}: the ingestion is told to be "${mode}" ("npm run fault -- ingestion ok" mends it).\n`;
  return `${what}: the service's SDK sends what it has about every 5 seconds, so ask again in a moment or add --watch.\n`;
}

const tellDropped = (table: string, count: number): string =>
  `${count} older ${count === 1 ? 'row' : 'rows'} of ${table} went since the start, because the tables are bounded by age and size.\n`;

function readCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`--last takes a whole number from 1 to 999999, not "${text}".`);
}

if (import.meta.main) await runProcess(rows);
