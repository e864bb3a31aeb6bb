import { z } from 'zod';
import type { Levels, Manifests } from './manifest.ts';
import { deploymentSections } from './sections.ts';

/** The schema of `level`; editors show the names beside the numbers. */
export function levelSchema(levels: Levels) {
  const rungs = Object.entries(levels).map(([level, { name, answers }]) => ({ level, name, answers }));
  return z.literal([1, 2, 3, 4, 5], rungs.map(({ level, name }) => `${level} (${name})`).join(', ')).meta({
    description: `The level. ${rungs.map(({ level, name, answers }) => `${level} ${name}: ${answers}`).join(' ')}`,
    enumDescriptions: rungs.map(({ name }) => name),
  });
}

/** The schema of `observability.json`. Throws when two modules claim one section: a mistake in the code, not in the file. */
export function fileSchema(manifests: Manifests, levels: Levels) {
  const names = z.array(z.enum(manifests.map(({ name }) => name))).default([]);
  const modules = z.strictObject({
    add: names.describe('Modules to switch on beside those of the level.'),
    remove: names.describe('Modules of the level to leave off.'),
  });
  const shape = {
    $schema: z.string().optional().describe('The schema for editors; means nothing else.'),
    level: levelSchema(levels),
    modules: modules.prefault({}).describe('Modules to switch on or off by name.'),
    assessment: z.looseObject({}).optional().describe('Written and read by `npm run assess`; the service ignores it.'),
  };
  const sections: Record<string, z.ZodType> = {};
  for (const { key, schema } of manifests.flatMap(({ section }) => section ?? [])) {
    if (key in { ...shape, ...sections, ...deploymentSections })
      throw new Error(`The section "${key}" has two owners.`);
    sections[key] = schema
      .strict()
      .prefault({})
      .meta(schema.meta() ?? {});
  }
  return z.strictObject({ ...shape, ...sections, ...deploymentSections }).meta({ title: 'observability.json' });
}
