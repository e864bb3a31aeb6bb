import type { z } from 'zod';
import { allowedBy, nearestValue, schemaAt } from './allowed.ts';
import { type Fault, shown } from './faults.ts';
import { jsonSchemaOf } from './file-schema.ts';
import { nearest } from './nearest.ts';

/** Parses a value; without a result there are faults, in the words of the schema itself. */
export function check<S extends z.ZodType>(source: string, schema: S, value: unknown) {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data, faults: [] };

  const root = jsonSchemaOf(schema);
  const faults = parsed.error.issues.flatMap((issue): Fault[] => {
    const { path } = issue;
    const here = schemaAt(root, path);
    if (issue.code === 'unrecognized_keys') {
      const keys = Object.keys(here.properties ?? {});
      return issue.keys.map((key) => {
        const meant = nearest(key, keys);
        const place = { source, path: pathText([...path, key]), found: 'an unknown key', allowed: keys.join(', ') };
        return { ...place, nearest: meant };
      });
    }
    const found = valueAt(value, path);
    const allowed = issue.code === 'custom' && !here.errorMessage ? issue.message : allowedBy(here);
    return [{ source, path: pathText(path), found: shown(found), allowed, nearest: nearestValue(here, found) }];
  });
  return { value: undefined, faults };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((here, key) => (isRecord(here) ? here[key] : undefined), value);
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

function pathText(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[\w$-]+$/.test(String(key)) ? `.${String(key)}` : `[${shown(String(key))}]`;
  });
  return parts.join('').replace(/^\./, '');
}
