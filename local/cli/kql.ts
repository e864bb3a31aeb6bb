import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { KqlFault } from '../control/answer-kql.ts';
import type { KqlValue } from '../kql/index.ts';
import { readJson } from '../kql/json-line.ts';
import { defineCommand, exitCodes, type Host, runProcess, UsageError } from './command.ts';
import { createControlClient } from './control-client.ts';
import { caretLines } from './kql/caret.ts';
import { csvLine, resultTable } from './kql/result-table.ts';
import { requireRun } from './require-run.ts';

const help = `npm run kql -- "<query>" | --file <file> [--format table|csv|json] [--sql]

Asks the tables of the local Application Insights in KQL. Without a query and a file it is read from standard input. At a
terminal the rows are shown as a table, elsewhere and with --json as one JSON object a line.

  npm run kql -- "AppRequests | summarize sum(ItemCount), percentile(DurationMs, 95) by Name"
  npm run kql -- --file question.kql --format csv
  echo "AppTraces | take 5" | npm run kql

  --file <file>    reads the query from a file
  --format <name>  table, csv or json
  --json           the same as --format json
  --sql            prints the translation for DuckDB instead of running it
  --run <file>     the run to talk to, instead of this checkout's

What the translation does not know it refuses by name: it never answers a part. Rows come about 5 seconds after what they
tell of.
`;

const options = {
  file: { type: 'string' },
  format: { type: 'string' },
  json: { type: 'boolean' },
  sql: { type: 'boolean' },
  run: { type: 'string' },
} as const;

const FORMATS = ['table', 'csv', 'json'] as const;
type Format = (typeof FORMATS)[number];
const someWidth = 120;

type FirstLine = { columns?: { name: string; type: string }[]; sql?: string; fault?: KqlFault };

/** `npm run kql` */
export const kql = defineCommand({ help, options, allowPositionals: true }, async ({ positionals, values }, host) => {
  const format = readFormat(values.json ? 'json' : values.format, host);
  const query = await readQuery(positionals, values.file, host);
  const control = createControlClient(await requireRun({ file: values.run }));
  try {
    const answer = await control.stream('/api/kql', { query, ...(values.sql && { sql: true }) });
    const lines = createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
    const { value: first } = await lines.next();
    const { columns = [], sql, fault } = readJson(String(first)) as unknown as FirstLine;
    if (fault) throw new UsageError(describeFault(fault, query));
    if (sql !== undefined) host.stdout.write(`${sql}\n`);
    else await writeRows({ columns, format, host }, { [Symbol.asyncIterator]: () => lines });
    return exitCodes.done;
  } finally {
    control.close();
  }
});

interface Written {
  columns: { name: string; type: string }[];
  format: Format;
  host: Host;
}

async function writeRows({ columns, format, host }: Written, lines: AsyncIterable<string>): Promise<void> {
  const rows: Record<string, KqlValue>[] = [];
  if (format === 'csv') host.stdout.write(csvLine(columns.map(({ name }) => name)));
  for await (const line of lines) {
    if (format === 'json') host.stdout.write(`${line}\n`);
    else {
      const row = readJson(line) as Record<string, KqlValue>;
      if (format === 'csv') host.stdout.write(csvLine(columns.map(({ name }) => row[name])));
      else rows.push(row);
    }
  }
  if (format !== 'table') return;
  host.stdout.write(resultTable(columns, rows, host.stdout.columns || someWidth));
  host.stderr.write(`${rows.length} ${rows.length === 1 ? 'row' : 'rows'}\n`);
}

function readFormat(wanted: string | undefined, { stdout }: Host): Format {
  if (wanted === undefined) return stdout.isTTY === true ? 'table' : 'json';
  const found = FORMATS.find((format) => format === wanted);
  if (found) return found;
  throw new UsageError(`--format takes ${FORMATS.join(', ')}, not "${wanted}".`);
}

async function readQuery(positionals: readonly string[], file: string | undefined, { stdin }: Host): Promise<string> {
  if (positionals.length > 1 || (positionals.length === 1 && file !== undefined))
    throw new UsageError('Give one query, in quotes, or one --file. Add --help for more.');
  const [given] = positionals;
  const query = given ?? (file === undefined ? await readPiped(stdin) : await readNamed(file));
  if (query.trim() === '') throw new UsageError('The query is empty.');
  return query;
}

async function readNamed(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function readPiped(stdin: Host['stdin']): Promise<string> {
  if (!stdin || stdin.isTTY === true)
    throw new UsageError('Give a query in quotes, a --file, or pipe one in. Add --help for more.');
  return text(stdin as NodeJS.ReadStream);
}

function describeFault({ kind, code, message, start, length }: KqlFault, query: string): string {
  const sentence =
    kind === 'unsupported' ? `${message.charAt(0).toUpperCase()}${message.slice(1)}` : `${code}: ${message}`;
  return `${sentence}\n\n${caretLines(query, { start, length })}`.trimEnd();
}

if (import.meta.main) await runProcess(kql);
