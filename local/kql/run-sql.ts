import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { REFUSED_VALUE } from './expressions/refuse.ts';
import { KqlError, KqlUnsupported } from './kql-fault.ts';

const SECOND_MS = 1_000;

/** Codes of what stops a query that was accepted. */
const stops: readonly [pattern: RegExp, code: string, sentence: string][] = [
  [
    /too many generated rows/,
    'TooManyRows',
    'The query makes too many rows from nothing: take a larger step or a shorter range.',
  ],
  [
    /Out of Memory|memory_limit|failed to allocate/i,
    'OutOfMemory',
    'The query needs more memory than it may use: filter earlier or summarize.',
  ],
  [/Overflow|out of range/i, 'Overflow', 'A number of the query goes beyond what its type holds.'],
];

/** A fault of DuckDB in the words of KQL. */
function asKqlFault(error: Error, text: string): Error {
  const whole = { start: 0, length: text.length };
  const refused = error.message.indexOf(REFUSED_VALUE);
  if (refused >= 0) {
    const name = error.message.slice(refused + REFUSED_VALUE.length).split('\n')[0] ?? '';
    return new KqlUnsupported(name, whole, { cause: error });
  }
  const stop = stops.find(([pattern]) => pattern.test(error.message));
  if (stop) return new KqlError(stop[1], stop[2], whole, { cause: error });
  const [first = ''] = error.message.split('\n');
  return new KqlError('NotRun', `DuckDB could not run the translation: ${first}`, whole, { cause: error });
}

/** Runs SQL to its end, at most so many seconds. `text` is the query that it was made of. Throws as the engine does. */
export async function runSql(
  connection: DuckDBConnection,
  sql: string,
  { seconds, text }: { seconds: number; text: string },
): Promise<DuckDBValue[][]> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    connection.interrupt();
  }, seconds * SECOND_MS);
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } catch (error) {
    if (late) {
      const sentence = `The query took longer than ${seconds} seconds and was stopped.`;
      throw new KqlError('TooSlow', sentence, { start: 0, length: text.length }, { cause: error });
    }
    throw asKqlFault(error as Error, text);
  } finally {
    clearTimeout(timer);
  }
}
