import { z } from 'zod';
import type { JsonSchema } from './allowed.ts';
import type { Levels, ModuleManifest } from './manifest.ts';
import { type Section, sections } from './sections.ts';

/** Every section, in the order of the file: those of modules first, then those that no module owns. */
export function allSections(manifests: readonly ModuleManifest[]): Section[] {
  const owned = manifests.flatMap(({ name, section }) => (section ? [{ ...section, owner: name }] : []));
  return [...owned, ...sections];
}

/** The schema of `level`; editors show the names beside the numbers. */
export function levelSchema(levels: Levels) {
  const rungs = Object.entries(levels).map(([level, { name, answers }]) => `${level} ${name}: ${answers}`);
  return z.literal([1, 2, 3, 4, 5]).meta({
    description: `The level. ${rungs.join(' ')}`,
    enumDescriptions: Object.values(levels).map(({ name }) => name),
  });
}

/** The schema of `modules`. */
export function modulesSchema(manifests: readonly ModuleManifest[]) {
  const names = z.array(z.enum(manifests.map(({ name }) => name))).default([]);
  return z
    .strictObject({
      add: names.describe('Modules to switch on beside those of the level.'),
      remove: names.describe('Modules of the level to leave off.'),
    })
    .prefault({})
    .describe('Modules to switch on or off by name.');
}

/** The schema of `observability.json`. Throws when two owners claim one section: a mistake in the code, not in the file. */
export function fileSchema(manifests: readonly ModuleManifest[], levels: Levels) {
  const shape: Record<string, z.ZodType> = {
    $schema: z.string().optional().describe('The schema for editors; means nothing else.'),
    level: levelSchema(levels),
    modules: modulesSchema(manifests),
  };
  for (const { key, owner, schema } of allSections(manifests)) {
    if (key in shape) throw new Error(`The section "${key}" of ${owner} has another owner already.`);
    shape[key] = schema
      .strict()
      .prefault({})
      .meta(schema.meta() ?? {});
  }
  return z.strictObject(shape).meta({ title: 'observability.json' });
}

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
