import { StringDecoder } from 'node:string_decoder';
import type { Paint } from '../../for-eyes.ts';
import { beginLine, describeLogLine, describeStack, type LogLine, parseLogLine } from './log-line.ts';
import { countRepetitions } from './repetitions.ts';
import { type Requests, watchRequests } from './request-lines.ts';

/** What a person sees of the service, instead of its lines of JSON. */
export interface Terminal {
  /** Takes what the service writes to its standard output. */
  output(chunk: Buffer): void;
  /** The process of the service has ended: what was held back is told, and a stack may be shown once more. */
  ended(): void;
  stop(): void;
}

/**
 * Renders the service's log for eyes: one line an event, a failure that repeats itself once with a count, its stack once and
 * readable, and one line for each request. Text that is no line of log passes as it is.
 */
export function openTerminal({
  root,
  paint,
  requests,
  write,
}: {
  root: string;
  paint: Paint;
  requests: Requests;
  write: (text: string) => void;
}): Terminal {
  const repetitions = countRepetitions<LogLine>((line, count) => write(describeRepetition(line, count, paint)));
  const watch = watchRequests({ requests, paint, write });
  let decoder = new StringDecoder('utf8');
  let rest = '';

  const show = (text: string) => {
    const line = parseLogLine(text);
    if (!line) return write(`${text}\n`);
    const isFailure = line.severity === 'warning' || line.severity === 'error';
    if (!isFailure) return write(describeLogLine(line, paint));
    const key = [line.severity, line.message, line.error?.fingerprint ?? line.error?.message].join('\n');
    const showing = repetitions.see(key, line);
    if (showing === 'counted') return;
    write(describeLogLine(line, paint));
    if (showing === 'first' && line.error?.stack) write(describeStack(line.error.stack, root, paint));
  };
  const ended = () => {
    if (rest !== '') show(rest);
    rest = '';
    decoder = new StringDecoder('utf8');
    repetitions.end();
  };

  return {
    output(chunk) {
      const lines = `${rest}${decoder.write(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) show(line);
    },
    ended,
    stop() {
      watch.stop();
      ended();
    },
  };
}

function describeRepetition({ time, severity, message, error }: LogLine, count: number, paint: Paint): string {
  const times = count === 1 ? 'once more' : `${count} more times`;
  const table = error ? 'AppExceptions' : 'AppTraces';
  const colour = severity === 'error' ? 'red' : 'yellow';
  const hint = paint('dim', `(each: npm run rows -- ${table})`);
  return `${beginLine(paint, time, severity, colour)}${message}  ${paint(colour, times)}  ${hint}\n`;
}
