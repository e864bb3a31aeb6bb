import { hash } from 'node:crypto';
import { redactText } from './redact-text.ts';

/** An error in a log line: redacted texts, none of them empty. */
export type ErrorFields = Record<'type' | 'message' | 'stack' | 'fingerprint', string>;

const longestType = 128;
const deepestCause = 4;
const membersShown = 3;
const ownFramesRead = 3;
const longestFrame = 512;

/** `at async Worker.run [as handler] (file:///app/src/worker.ts:10:5)` or, without a name, `at file:///…`. */
const frame = /^\s+at (?:async )?(?:new )?(?:(.*?) (?:\[as [^\]]*\] )?\()?(.*?)(?::\d+:\d+)?\)?$/;
const foreignPlace = /^(?:node:|<anonymous>$|native$)|[\\/]node_modules[\\/]/;

/** Describes a thrown value. The stack contains the stacks of its causes, and of the first members of an aggregate. */
export function describeError(thrown: unknown): ErrorFields {
  const type = redactText(typeOf(thrown), longestType);
  const message = redactText(messageOf(thrown)) || type;
  const stack = redactText(stackOf(thrown, deepestCause));
  return { type, message, stack, fingerprint: fingerprint(type, message, stack) };
}

function typeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return thrown === null ? 'null' : typeof thrown;
  // A subclass that does not set its name inherits `Error`; its constructor has the name.
  const name = read(thrown, 'name');
  return (name === 'Error' ? read(thrown.constructor, 'name') : name) || 'Error';
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  // When Node cannot connect to any address of a host, the error has a code and an empty message.
  return read(thrown, 'message') || read(thrown, 'code');
}

/** Never empty: the exporter drops an exception without a stack. */
function stackOf(thrown: unknown, depth: number): string {
  const summary = `${typeOf(thrown)}: ${messageOf(thrown)}`;
  if (!(thrown instanceof Error)) return summary;
  const stacks = [read(thrown, 'stack') || summary];
  if (depth > 0) {
    if (thrown.cause !== undefined) stacks.push(`caused by ${stackOf(thrown.cause, depth - 1)}`);
    const members: unknown[] = thrown instanceof AggregateError ? thrown.errors.slice(0, membersShown) : [];
    for (const member of members) stacks.push(`one of ${stackOf(member, depth - 1)}`);
  }
  return stacks.join('\n');
}

/** Returns the property if it is text; otherwise, and when reading it throws, an empty text. */
function read(owner: object, property: string): string {
  try {
    const value = (owner as Record<string, unknown>)[property];
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}

/**
 * Two errors are the same failure when their type, their message without its variable parts and the topmost functions
 * of our own code are the same. Line numbers do not count, so that edits elsewhere, another machine and the build
 * change nothing.
 */
const fingerprint = (type: string, message: string, stack: string): string =>
  hash('sha256', [type, normalise(message), ...ownFunctions(stack)].join('\n')).slice(0, 16);

/** Replaces ids, numbers, addresses and quoted values in a message by placeholders. */
export const normalise = (message: string): string =>
  message
    .slice(0, 500)
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, '"…"')
    .replaceAll(/\b[a-z][a-z\d+.-]*:\/\/\S+/gi, '<url>')
    .replaceAll(/\b(?=[\w-]*\d)[\w-]{8,}\b/g, '<id>')
    .replaceAll(/\d+/g, '#');

const ownFunctions = (stack: string): string[] =>
  stack
    .split('\n')
    .map((line) => frame.exec(line.slice(0, longestFrame)) ?? [])
    .filter(([, , place]) => place && !foreignPlace.test(place))
    .slice(0, ownFramesRead)
    .map(([, name = '<anonymous>']) => name);
