import { readFileSync } from 'node:fs';
import { printParseErrorCode, visit } from 'jsonc-parser';
import { z } from 'zod';
import { ConfigError, type Fault, nearest, shown } from './faults.ts';

/** A JSON file by its path, or a JSON text with the name that faults show. */
export type JsonSource = { path: string } | { name: string; text: string };

/** The value that a schema reads from a JSON text, or the faults. */
export type Checked<T> = { value: T; faults: readonly Fault[] } | { value?: never; faults: readonly Fault[] };

/** Reads a JSON file with a schema. Throws `ConfigError` with all faults of the file. */
export function readJsonFile<S extends z.ZodType>(source: JsonSource, schema: S): z.output<S> {
  const { value, faults } = checkJson(parseJson(source), nameOf(source), schema);
  if (value === undefined) throw new ConfigError(faults);
  return value;
}

export const nameOf = (source: JsonSource) => ('path' in source ? source.path : source.name);

/**
 * Parses JSON as `JSON.parse` does, and says where an error is. In addition a key may occur only once in its object, a
 * key with the value `null` counts as absent, and a byte order mark is skipped. Never throws.
 */
export function parseJson(source: JsonSource): Checked<unknown> {
  const name = nameOf(source);
  const fault = (found: string, allowed: string, path = '') => ({ faults: [{ source: name, path, found, allowed }] });
  try {
    const given = 'text' in source ? source.text : readFileSync(source.path, 'utf8');
    const text = given.replace(/^\uFEFF/, '');
    const faults = syntaxFaults(name, text);
    return faults.length > 0 ? { faults } : { value: JSON.parse(text, withoutNulls) ?? null, faults };
  } catch (error) {
    if (error instanceof RangeError) return fault('brackets nested too deeply to read', 'fewer brackets');
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return fault('no such file', 'a JSON file');
    return fault(code ? `a file that cannot be read (${code})` : 'text that is not JSON', 'a JSON file');
  }
}

/** The first syntax error; without syntax errors, the keys that occur twice in their object. */
function syntaxFaults(source: string, text: string): Fault[] {
  const errors: Fault[] = [];
  const repeated: Fault[] = [];
  const keys: Set<string>[] = [];
  const place = (line: number, column: number) => `line ${line + 1}, column ${column + 1}`;
  visit(
    text,
    {
      onObjectBegin: () => void keys.push(new Set()),
      onObjectEnd: () => void keys.pop(),
      onObjectProperty(key, _offset, _length, line, column) {
        const found = `the key ${shown(key)} once more`;
        if (keys.at(-1)?.has(key))
          repeated.push({ source, path: place(line, column), found, allowed: 'each key once' });
        keys.at(-1)?.add(key);
      },
      onError(code, _offset, _length, line, column) {
        const why = printParseErrorCode(code)
          .replace(/\B[A-Z]/g, ' $&')
          .toLowerCase();
        errors.push({ source, path: place(line, column), found: `an error: ${why}`, allowed: 'JSON without comments' });
      },
    },
    { disallowComments: true },
  );
  return errors.length > 0 ? errors.slice(0, 1) : repeated;
}

function withoutNulls(this: unknown, _key: string, value: unknown): unknown {
  return value === null && !Array.isArray(this) ? undefined : value;
}

/** Checks a value with a schema. Returns the typed value, or faults that say what was found and what is allowed. */
export function checkJson<S extends z.ZodType>(
  { value, faults: earlier }: Checked<unknown>,
  source: string,
  schema: S,
): Checked<z.output<S>> {
  if (earlier.length > 0) return { faults: earlier };
  const parsed = schema.safeParse(value, { error: allowedBy });
  if (parsed.success) return { value: parsed.data, faults: [] };
  const faults = parsed.error.issues.flatMap((issue): Fault[] => {
    const allowed = issue.message;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        ...{ source, path: pathText([...issue.path, key]), found: 'an unknown key', allowed },
        nearest: nearest(key, allowed.split(', ')),
      }));
    }
    const found = valueAt(value, issue.path);
    const choices = issue.code === 'invalid_value' ? issue.values : [];
    const meant = typeof found === 'string' ? nearest(found, choices.map(String)) : undefined;
    const choice = choices.find((value) => String(value) === meant);
    return [
      {
        ...{ source, path: pathText(issue.path), found: shown(found), allowed },
        nearest: choice === undefined ? undefined : JSON.stringify(choice),
      },
    ];
  });
  return { faults };
}

const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a whole number',
  boolean: 'true or false',
  string: 'text',
  array: 'a list',
};

/** Says in words what a schema accepts, where the schema has no `error` of its own. */
const allowedBy: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return keysOf(issue.inst);
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(', ');
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_type':
      return (
        kinds[issue.expected] ??
        (issue.inst instanceof z.ZodObject ? `an object with ${keysOf(issue.inst)}` : 'an object')
      );
    default:
      return undefined;
  }
};

const keysOf = (schema: unknown) => (schema instanceof z.ZodObject ? Object.keys(schema.shape).join(', ') : '');

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((here, key) => (here as Record<PropertyKey, unknown> | undefined)?.[key], value);

function pathText(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[\w$-]+$/.test(String(key)) ? `.${String(key)}` : `[${shown(String(key))}]`;
  });
  return parts.join('').replace(/^\./, '');
}
