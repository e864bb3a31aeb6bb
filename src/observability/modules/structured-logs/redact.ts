import { describeError } from './error-fields.ts';
import { hidden, redactText } from './redact-text.ts';
import { judgeName, type Secrecy } from './secret-names.ts';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Bounds of one record, whatever the caller passes. */
const deepest = 6;
const mostEntries = 50;
const mostNodes = 500;
const mostText = 32_768;
const longestName = 100;

/** How much of one record has been copied so far, and the objects around the current value. */
interface Walk {
  nodes: number;
  text: number;
  ancestors: object[];
}

/** Returns a plain copy of the fields for the log: secrets hidden, errors described, size, depth and cycles bounded. */
export const redactFields = (fields: Readonly<Record<string, unknown>>): Record<string, Json> =>
  copyEntries(readEntries(fields), 'open', { nodes: 0, text: 0, ancestors: [fields] });

function copy(value: unknown, secrecy: Secrecy, walk: Walk): Json | undefined {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value === null || typeof value === 'boolean') return value;
  if (secrecy === 'secret') return hidden;
  if (++walk.nodes > mostNodes || walk.text > mostText) return '[too much]';
  if (typeof value === 'object') return copyObject(value, secrecy, walk);
  if (secrecy === 'values') return hidden;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const text = redactText(String(value));
  walk.text += text.length;
  return text;
}

function copyObject(value: object, secrecy: Secrecy, walk: Walk): Json | undefined {
  if (walk.ancestors.includes(value)) return '[circular]';
  if (walk.ancestors.length > deepest) return '[too deep]';
  walk.ancestors.push(value);
  try {
    if (value instanceof Error) return { ...describeError(value) };
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return copyItems(value, secrecy, walk);
    if (value instanceof Set) return copyItems([...value], secrecy, walk);
    if (value instanceof URLSearchParams || value instanceof Headers) return copyEntries(value, 'values', walk);
    if (value instanceof Map) return copyEntries(value, secrecy, walk);
    if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON(), secrecy, walk);
    return copyEntries(readEntries(value), secrecy, walk);
  } catch {
    return '[unreadable]';
  } finally {
    walk.ancestors.pop();
  }
}

function copyItems(items: readonly unknown[], secrecy: Secrecy, walk: Walk): Json[] {
  const copies = items.slice(0, mostEntries).map((item) => copy(item, secrecy, walk) ?? null);
  return items.length > mostEntries ? [...copies, '[more]'] : copies;
}

function copyEntries(entries: Iterable<[unknown, unknown]>, secrecy: Secrecy, walk: Walk): Record<string, Json> {
  // Without a prototype, so that a field named `__proto__` is an ordinary field.
  const copies: Record<string, Json> = Object.create(null);
  let left = mostEntries;
  for (const [key, value] of entries) {
    const name = String(key);
    if (left-- === 0) return Object.assign(copies, { '…': '[more]' });
    const own = judgeName(name);
    const copied = copy(value, own === 'open' ? secrecy : own, walk);
    if (copied !== undefined) copies[redactText(name, longestName)] = copied;
  }
  return copies;
}

/** Reads property by property, so that a getter that throws costs its own value alone. */
function* readEntries(owner: object): Generator<[string, unknown]> {
  for (const name of Object.keys(owner)) {
    let value: unknown = '[unreadable]';
    try {
      value = (owner as Record<string, unknown>)[name];
    } catch {}
    yield [name, value];
  }
}
