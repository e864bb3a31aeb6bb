import { SingleBar } from 'cli-progress';

export interface Progress {
  show(ended: number, answered: number): void;
  stop(): void;
}

const silent: Progress = { show() {}, stop() {} };

/** A bar on standard error; nothing at all where nobody watches (no terminal, `CI` or `NO_COLOR` set). */
export function createProgress(total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY || process.env.CI || process.env.NO_COLOR) return silent;
  const bar = new SingleBar({
    stream,
    format: '{bar} {value} of {total} at their end, {answered} answered, {duration_formatted}',
    // An interrupted command must leave the terminal as it was.
    hideCursor: false,
    linewrap: true,
    clearOnComplete: true,
  });
  bar.start(total, 0, { answered: 0 });
  return {
    show: (ended, answered) => bar.update(ended, { answered }),
    stop: () => bar.stop(),
  };
}
