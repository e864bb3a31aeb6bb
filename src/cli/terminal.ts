import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Where a command speaks: results to standard output, everything else to standard error. */
export interface Terminal {
  /** A line of the result. Waits while the reader is slower, so that a long list never piles up in memory. */
  print(line: string): Promise<void>;
  /** A line beside the result. */
  tell(line: string): void;
  /** Replaces the counter line; nothing where nobody watches. */
  count(text: string): void;
  /** Undefined where nobody can answer. */
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

  const around = (write: () => void) => {
    if (counter !== '') stderr.write(clearLine);
    write();
    if (counter !== '') stderr.write(counter);
  };
  return {
    async print(line) {
      let ready = true;
      around(() => {
        ready = stdout.write(`${line}\n`);
      });
      if (!ready) await once(stdout, 'drain');
    },
    tell: (line) => around(() => stderr.write(`${line}\n`)),
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

/** Text of others, such as a message's properties, must not steer the terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
