import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** The output of a command: results go to standard output, everything else to standard error. */
export interface Terminal {
  /** Prints a line of the result. Waits for a slow reader, so that a long list does not fill the memory. */
  print(line: string): Promise<void>;
  /** Prints a line that is not part of the result. */
  tell(line: string): void;
  /** Replaces the counter line. Does nothing when standard error is not a terminal. */
  count(text: string): void;
  /** Asks a question and returns the answer. Undefined without a terminal. */
  ask?(question: string): Promise<string>;
}

const everyMs = 100;
const clearLine = '\r\u001b[K';

/** `plain`: no counter and no questions, even on a terminal. */
export function openTerminal({ plain }: { plain: boolean }): Terminal {
  const { stdin, stdout, stderr } = process;
  const lively = stderr.isTTY === true && !plain;
  let counter = '';
  let shownAt = Number.NEGATIVE_INFINITY;
  for (const stream of [stdout, stderr]) stream.on('error', endQuietly);

  /** Writes a line above the counter line. Returns false when the stream's buffer is full. */
  const write = (stream: NodeJS.WriteStream, line: string): boolean => {
    if (counter !== '') stderr.write(clearLine);
    const ready = stream.write(`${escapeControls(line)}\n`);
    if (counter !== '') stderr.write(counter);
    return ready;
  };
  return {
    async print(line) {
      if (!write(stdout, line)) await once(stdout, 'drain');
    },
    tell: (line) => void write(stderr, line),
    count(text) {
      if (!lively || text === counter) return;
      if (text !== '' && performance.now() < shownAt + everyMs) return;
      shownAt = performance.now();
      counter = text;
      stderr.write(`${clearLine}${text}`);
    },
    ...(lively &&
      stdin.isTTY === true && {
        async ask(question: string) {
          const reader = createInterface({ input: stdin, output: stderr });
          try {
            return await reader.question(question);
          } finally {
            reader.close();
          }
        },
      }),
  };
}

/** One row of a table with fixed column widths, because later rows are not known yet. */
export const row = (columnWidths: readonly number[], cells: readonly (string | number)[]): string =>
  cells
    .map((cell, column) => String(cell).padEnd(columnWidths[column] ?? 0))
    .join('  ')
    .trimEnd();

/** `1 message`, `2 messages`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Ends the process without an error when the reader closes the pipe early (`| head`). */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
}

/**
 * Replaces control and format characters by their JSON escapes, so that text in a message cannot control the terminal.
 * A line of JSON keeps its meaning, because it has such characters only in strings.
 */
export const escapeControls = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) =>
    found.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
