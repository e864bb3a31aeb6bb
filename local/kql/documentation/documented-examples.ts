import { glob, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A query of Kusto's documentation with the answer that the page prints under it, all cells as text. */
export interface DocumentedExample {
  readonly page: string;
  /** Of the query's first line, from 1. */
  readonly line: number;
  readonly query: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The page says that it shows a part of the rows. */
  readonly isCut: boolean;
}

/**
 * The examples with an answer of every page under `folder`: a checkout of MicrosoftDocs/dataexplorer-docs, or a part of it. An
 * answer is the first table after the query that comes before the next query and heading.
 */
export async function readDocumentedExamples(folder: string): Promise<DocumentedExample[]> {
  const pages: string[] = [];
  for await (const page of glob('**/*.md', { cwd: folder })) pages.push(page);
  const examples = pages.sort().map(async (page) => {
    const text = await readFile(join(folder, page), 'utf8');
    return examplesOf(basename(page), text.split(/\r?\n/));
  });
  return (await Promise.all(examples)).flat();
}

const opens = /^\s*```\s*kusto\s*$/i;
const closes = /^\s*```\s*$/;
const isRow = (line: string) => /^\s*\|.*\|\s*$/.test(line);
const cut = /\bfirst\b.*\b(rows?|results?|records?)\b|\b(partial|sample|truncated|subset)\b|^\s*\|\s*(\.{3}|…)\s*\|/i;

export function examplesOf(page: string, lines: readonly string[]): DocumentedExample[] {
  return lines.flatMap((opening, at) => {
    if (!opens.test(opening)) return [];
    const end = lines.findIndex((line, index) => index > at && closes.test(line));
    const next = lines.findIndex((line, index) => index > end && (opens.test(line) || /^#+ /.test(line)));
    const rest = lines.slice(end + 1, next === -1 ? undefined : next);
    const from = rest.findIndex(isRow);
    const prose = rest.slice(0, Math.max(from, 0));
    if (from === -1 || !prose.some((line) => /output|result|\*\*/i.test(line))) return [];
    const length = rest.slice(from).findIndex((line) => !isRow(line));
    const table = rest.slice(from, length === -1 ? undefined : from + length);
    const [columns = [], , ...rows] = table.map(cellsOf);
    const query = lines.slice(at + 1, end).join('\n');
    const isCut = [...prose, ...table].some((line) => cut.test(line));
    return [{ page, line: at + 2, query, columns, rows: rows.filter((row) => !row.every(isDots)), isCut }];
  });
}

const isDots = (cell: string) => /^(\.{3}|…)?$/.test(cell) && cell !== '';

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) =>
      cell
        .replaceAll('\\|', '|')
        .replaceAll(/<br\s*\/?>/gi, '\n')
        .replaceAll('&nbsp;', ' ')
        .trim(),
    );
