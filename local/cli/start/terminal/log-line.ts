import { pathToFileURL } from 'node:url';
import { clockTime, cut, oneLine, type Paint, shortId } from '../../for-eyes.ts';

/** A line of the service's log (`docs/log-fields.md`), as far as people look at it. */
export interface LogLine {
  time: string;
  severity: string;
  message: string;
  error?: { type?: string; message?: string; stack?: string; fingerprint?: string };
  [field: string]: unknown;
}

const colours = { debug: 'dim', info: 'green', warning: 'yellow', error: 'red' } as const;
const LABEL = 7;
const mostFields = 3;
const longestValue = 60;
const ofEveryLine = new Set(['time', 'severity', 'message', 'error', 'service', 'version', 'traceId', 'spanId']);

/** The line of log that a text is; anything else, such as what a library printed, is none. */
export function parseLogLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const line = JSON.parse(text) as LogLine;
    const texts = [line.time, line.severity, line.message];
    return texts.every((each) => typeof each === 'string') && !Number.isNaN(Date.parse(line.time)) ? line : undefined;
  } catch {
    return undefined;
  }
}

/** Everything at the terminal begins so: the time, and what kind of line it is. */
export const beginLine = (paint: Paint, time: string, label: string, colour: Parameters<Paint>[0]): string =>
  `${paint('dim', clockTime(time))} ${paint(colour, label.padEnd(LABEL))} `;

/** Time, severity, message, the error in a sentence, and the first fields that the caller gave. */
export function describeLogLine(line: LogLine, paint: Paint): string {
  const colour = colours[line.severity as keyof typeof colours] ?? 'dim';
  const { type, message } = line.error ?? {};
  const error = line.error === undefined ? '' : `  ${paint(colour, oneLine(`${type}: ${message}`))}`;
  const fields = fieldsOf(line).map((field) => `  ${paint('dim', field)}`);
  return `${beginLine(paint, line.time, line.severity, colour)}${line.message}${error}${fields.join('')}\n`;
}

/** The correlation id only where there is room: the ids of messages and things say more, and `trace` takes them all. */
function fieldsOf(line: LogLine): string[] {
  const given = Object.entries(line).filter(
    ([name, value]) => !ofEveryLine.has(name) && value !== null && value !== '',
  );
  const [last, own] = [given.filter(isCorrelation), given.filter((entry) => !isCorrelation(entry))];
  return [...own, ...last].slice(0, mostFields).map(([name, value]) => `${name} ${describeValue(value)}`);
}

const isCorrelation = ([name]: [string, unknown]) => name === 'correlationId';

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return cut(value.map(describeValue).join(', '), longestValue);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return cut(oneLine(shortId(text)), longestValue);
}

const indent = ' '.repeat('HH:MM:SS '.length + LABEL + 1);

/** A stack, one frame a line: paths from the checkout on, and what is not the checkout's own code in the background. */
export function describeStack(stack: string, root: string, paint: Paint): string {
  const here = `${pathToFileURL(root).href}/`;
  const [, ...lines] = stack.split('\n');
  return lines
    .map((line) => {
      const isFrame = /^\s+at /.test(line);
      const text = `${indent}${line.trimEnd().replaceAll(here, '').replaceAll(`${root}/`, '')}`;
      const isOwn = isFrame && line.includes(here) && !line.includes('/node_modules/');
      return `${isOwn || !isFrame ? text : paint('dim', text)}\n`;
    })
    .join('');
}
