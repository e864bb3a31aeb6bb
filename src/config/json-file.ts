import { readFileSync } from 'node:fs';
import { visit } from 'jsonc-parser';
import { z } from 'zod';
import { ConfigError, type Fault, nearest, safeText, shown } from './faults.ts';

/** A JSON text, or else a JSON file. */
export interface JsonSource {
  /** What faults call it. */
  name: string;
  /** By default the name. */
  path?: string;
  text?: string;
}

/** Makes of each value in a JSON text what it becomes in memory: the second argument of `JSON.parse`. */
type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/** Reads a JSON file with a schema. Throws `ConfigError` with all faults of the file. */
export function readJsonFile<S extends z.ZodType>(source: JsonSource, schema: S): z.output<S> {
  const faults: Fault[] = [];
  const value = readJson(source, schema, faults);
  if (value === undefined) throw new ConfigError(faults);
  return value;
}

/** Reads JSON with a schema. Adds to `faults` and returns undefined when there are some; never throws. */
export function readJson<S extends z.ZodType>(source: JsonSource, schema: S, faults: Fault[], reviver?: Reviver) {
  const value = parse(source, faults, reviver);
  return value === undefined ? undefined : checkValue(value, source.name, schema, faults);
}

/** Parses as `JSON.parse` does, but refuses a key that is given twice in its object and skips a byte order mark. */
function parse({ name, path = name, text }: JsonSource, faults: Fault[], reviver?: Reviver): unknown {
  const fault = (found: string, allowed = 'a JSON file') => void faults.push({ source: name, found, allowed });
  try {
    const json = (text ?? readFileSync(path, 'utf8')).replace(/^\uFEFF/, '');
    const found = syntaxFaults(json, name);
    faults.push(...found);
    return found.length > 0 ? undefined : (JSON.parse(json, reviver) ?? null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof RangeError) fault('brackets nested too deeply to read', 'fewer brackets');
    else fault(code === 'ENOENT' ? 'no such file' : `a file that cannot be read (${code ?? 'not JSON'})`);
  }
}

/** The first syntax error; without one, each key that is given twice in its object. */
function syntaxFaults(json: string, source: string): Fault[] {
  const errors: Fault[] = [];
  const repeated: Fault[] = [];
  const keys = new Set<string>();
  const place = (line: number, column: number) => ({ source, path: `line ${line + 1}, column ${column + 1}` });
  visit(
    json,
    {
      onError: (_code, _offset, _length, line, column) =>
        void errors.push({ ...place(line, column), found: 'text that is not JSON', allowed: 'JSON without comments' }),
      onObjectProperty(key, _offset, _length, line, column, parent) {
        const path = JSON.stringify([...parent(), key]);
        const found = `the key ${shown(key)} once more`;
        if (keys.has(path)) repeated.push({ ...place(line, column), found, allowed: 'each key once' });
        keys.add(path);
      },
    },
    { disallowComments: true },
  );
  return errors.length > 0 ? errors.slice(0, 1) : repeated;
}

/** Reads a value with a schema. Adds to `faults` what was found and what is allowed, and returns undefined then. */
export function checkValue<S extends z.ZodType>(value: unknown, source: string, schema: S, faults: Fault[]) {
  const { data, error } = schema.safeParse(value, { error: allowedBy });
  for (const issue of error?.issues ?? []) {
    const at = (path: PropertyKey[]) => ({ source, path: safeText(z.core.toDotPath(path)), allowed: issue.message });
    if (issue.code === 'unrecognized_keys') {
      const similar = (key: string) => nearest(key, issue.message.split(', '));
      for (const key of issue.keys) {
        faults.push({ ...at([...issue.path, key]), found: 'an unknown key', nearest: similar(key) });
      }
    } else {
      const found: unknown = issue.path.reduce((inside, key) => Object(inside)[key], value);
      const choices = issue.code === 'invalid_value' ? issue.values.map(String) : [];
      const similar = typeof found === 'string' ? nearest(found, choices) : undefined;
      faults.push({ ...at(issue.path), found: shown(found), nearest: similar });
    }
  }
  return data;
}

const kinds: Readonly<Record<string, string>> = { boolean: 'true or false', string: 'text', array: 'a list' };

/** Says in words what a schema accepts, where the schema has no `error` of its own. */
const allowedBy: z.core.$ZodErrorMap = (issue) => {
  const keys = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(', ') : '';
  if (issue.code === 'unrecognized_keys') return keys;
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(', ');
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.expected === 'int' || issue.expected === 'number') return 'a whole number';
  return kinds[issue.expected] ?? (keys ? `an object with ${keys}` : 'an object');
};
