import type { z } from 'zod';
import { nearest } from './nearest.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What a place of `observability.json` may hold, in words: for faults and for `docs/settings.md`. */
export function allowedBy(schema: JsonSchema): string {
  if (typeof schema.errorMessage === 'string') return schema.errorMessage;
  if (schema.enum)
    return choicesOf(schema)
      .map(({ value, name }) => (name ? `${value} (${name})` : value))
      .join(', ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map(allowedBy).join(' or ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => allowedBy({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'integer':
    case 'number':
      return `a whole number${rangeOf(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of: ${allowedBy(inside(schema.items))}`;
    case 'object':
      return schema.properties
        ? `an object with ${Object.keys(schema.properties).join(', ')}`
        : `an object of: ${allowedBy(inside(schema.additionalProperties))}`;
    default:
      return 'text';
  }
}

/** The value of a closed list that was probably meant; a level may be meant by its name. */
export function nearestValue(schema: JsonSchema, found: unknown): string | undefined {
  if (typeof found !== 'string') return undefined;
  const choices = choicesOf(schema);
  const word = nearest(
    found,
    choices.flatMap(({ plain, name }) => (name ? [plain, name] : [plain])),
  );
  return choices.find(({ plain, name }) => word === plain || word === name)?.value;
}

/** The schema of a place, reached through objects, maps and lists. */
export function schemaAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema {
  let here = schema;
  for (const key of path) {
    here = inside(typeof key === 'number' ? here.items : (here.properties?.[String(key)] ?? here.additionalProperties));
  }
  return here;
}

function choicesOf({ enum: values = [], enumDescriptions }: JsonSchema) {
  const names: unknown[] = Array.isArray(enumDescriptions) ? enumDescriptions : [];
  return values.map((value, index) => {
    const name = names[index];
    return { plain: String(value), value: JSON.stringify(value), name: typeof name === 'string' ? name : undefined };
  });
}

function rangeOf({ minimum, maximum }: JsonSchema): string {
  if (minimum === undefined) return maximum === undefined ? '' : ` of at most ${maximum}`;
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}

function inside(schema: JsonSchema['items']): JsonSchema {
  return typeof schema === 'object' && !Array.isArray(schema) ? schema : {};
}
