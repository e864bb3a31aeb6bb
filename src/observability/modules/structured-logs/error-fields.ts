import { fingerprint } from './fingerprint.ts';
import { redactText } from './redact-text.ts';

/** An error as log lines carry it: four strings, redacted, none of them empty. */
export interface ErrorFields {
  type: string;
  message: string;
  stack: string;
  fingerprint: string;
}

const longestType = 128;
const deepestCause = 4;
const membersShown = 3;

/** Describes whatever was thrown, with its causes and the first members of an aggregate in the stack. Never throws. */
export function describeError(thrown: unknown): ErrorFields {
  const type = redactText(typeOf(thrown), longestType);
  const message = redactText(messageOf(thrown)) || type;
  const stack = redactText(stackOf(thrown, deepestCause));
  return { type, message, stack, fingerprint: fingerprint(type, message, stack) };
}

function typeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return thrown === null ? 'null' : typeof thrown;
  // A subclass that forgot to set its name still has one.
  const name = read(thrown, 'name');
  const own = name === 'Error' ? read(thrown.constructor, 'name') : name;
  return own || 'Error';
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  // A failed connection to a name with several addresses has no message of its own, only a code.
  return read(thrown, 'message') || read(thrown, 'code');
}

/** Never empty: an exception without a stack is dropped by the exporter. */
function stackOf(thrown: unknown, depth: number): string {
  if (!(thrown instanceof Error)) return `${typeOf(thrown)}: ${messageOf(thrown)}`;
  const own = read(thrown, 'stack') || `${typeOf(thrown)}: ${messageOf(thrown)}`;
  if (depth === 0) return own;
  const causes: [string, unknown][] = [];
  if ('cause' in thrown && thrown.cause !== undefined) causes.push(['caused by', thrown.cause]);
  if (thrown instanceof AggregateError) {
    for (const member of thrown.errors.slice(0, membersShown)) causes.push(['one of', member]);
  }
  return [own, ...causes.map(([relation, cause]) => `${relation} ${stackOf(cause, depth - 1)}`)].join('\n');
}

/** A property as text; empty when it is not text or cannot be read. */
function read(owner: object, property: string): string {
  try {
    const value = (owner as Record<string, unknown>)[property];
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}
