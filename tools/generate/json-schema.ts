import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** A schema as JSON schema, of the draft that every editor understands. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      // The bounds of exact numbers in JavaScript say nothing to a reader.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
}

/** What a place of `observability.json` may hold, in words. */
export function allowedBy(schema: JsonSchema): string {
  if (typeof schema.errorMessage === 'string') return schema.errorMessage;
  if (schema.enum) {
    const names: unknown[] = Array.isArray(schema.enumDescriptions) ? schema.enumDescriptions : [];
    return schema.enum
      .map((value, index) => (names[index] ? `${value} (${names[index]})` : JSON.stringify(value)))
      .join(', ');
  }
  switch (schema.type) {
    case 'integer':
      return `a whole number${rangeOf(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of: ${allowedBy(inside(schema.items))}`;
    default:
      return 'text';
  }
}

/** Every key with its path, sections opened. */
export function leavesOf(parent: JsonSchema, above: readonly string[] = []): { path: string[]; leaf: JsonSchema }[] {
  return Object.entries(parent.properties ?? {}).flatMap(([key, value]) => {
    const leaf = inside(value);
    const path = [...above, key];
    return leaf.properties ? leavesOf(leaf, path) : [{ path, leaf }];
  });
}

/** A place that JSON schema allows to be `true` or a list of schemas; ours never are. */
export const inside = (schema: JsonSchema['items']): JsonSchema =>
  typeof schema === 'object' && !Array.isArray(schema) ? schema : {};

function rangeOf({ minimum, maximum }: JsonSchema): string {
  if (minimum === undefined) return maximum === undefined ? '' : ` of at most ${maximum}`;
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}
