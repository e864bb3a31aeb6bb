import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Where a command speaks: results to standard output, everything else to standard error. */
export interface Terminal {
  /** A line of the result. Waits while the reader is slower, so that a long list never piles up in memory. */
  print(line: string): Promise<void>;
  /** A line beside the result. */
  tell(line: string): void;
  /** Replaces the counter line; does nothing when standard error is no terminal. */
  count(text: string): void;
  /** Undefined when there is no terminal to answer at. */
  ask?(question: string): Promise<string>;
}

const everyMs = 100;
const clearLine = '\r\u001b[K';

/** `plain`: no counter and no question even on a terminal. */
export function openTerminal({ plain }: { plain: boolean }): Terminal {
  const { stdin, stdout, stderr } = process;
  const lively = stderr.isTTY === true && !plain;
  let counter = '';
  let shownAt = Number.NEGATIVE_INFINITY;
  for (const stream of [stdout, stderr]) stream.on('error', endQuietly);

  /** Writes above the counter line. True when the stream can take more at once. */
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

/** A reader that closes the pipe early (`| head`) has what it wanted. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
}

/**
 * Control and format characters written as JSON writes them. What senders put into messages must not steer the terminal,
 * and a line of JSON, where these characters stand in strings alone, keeps its meaning.
 */
export const escapeControls = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) =>
    found.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
