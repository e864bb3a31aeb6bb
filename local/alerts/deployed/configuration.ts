import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const section = z.record(z.string(), z.unknown());
const modules = z.strictObject({ add: z.array(z.string()), remove: z.array(z.string()) });

/** What of `observability.json` decides which rules there are and what they say; the service checks the rest of it. */
const deployedConfiguration = z.looseObject({
  level: z.int(),
  modules,
  slo: z.record(z.string(), z.int()),
  cost: z.record(z.string(), z.int()),
  deployment: z.looseObject({
    topology: z.enum(['single', 'split']),
    public: z.boolean(),
    availabilityTest: z.looseObject({ locations: z.int() }),
  }),
});
export type DeployedConfiguration = z.infer<typeof deployedConfiguration>;

const ladder = z.record(z.string(), z.object({ level: z.int() }));

/** `infra/observability/defaults.json` with `given` over it, as Bicep's `union()` lays it. Throws what is wrong with it. */
export function fillConfiguration(root: string, given: unknown): DeployedConfiguration {
  const defaults = readJsonFile(join(root, 'infra/observability/defaults.json'));
  const read = deployedConfiguration.safeParse(lay(defaults, given));
  if (read.success) return read.data;
  throw new Error(`observability.json cannot be used: ${z.prettifyError(read.error)}`);
}

/** The configuration of a checkout, by the service's own order: a variable, the file in a variable, the file, the default. */
export function readDeployedConfiguration(
  root: string,
  { OBSERVABILITY_LEVEL, OBSERVABILITY_CONFIG }: NodeJS.ProcessEnv,
): DeployedConfiguration {
  const text = OBSERVABILITY_CONFIG?.trim();
  const file: unknown = text ? JSON.parse(text) : readJsonFile(join(root, 'observability.json'));
  const level = OBSERVABILITY_LEVEL?.trim();
  return fillConfiguration(root, level ? lay(file, { level: Number(level) }) : file);
}

/** The names of the modules that are on. */
export function modulesThatAreOn(root: string, { level, modules: { add, remove } }: DeployedConfiguration): string[] {
  const all = ladder.parse(readJsonFile(join(root, 'infra/observability/modules.json')));
  return Object.entries(all)
    .filter(([name, module]) => !remove.includes(name) && (module.level <= level || add.includes(name)))
    .map(([name]) => name);
}

/** Sections are laid over each other key by key; a list or a value takes the place of the other; null counts as absent. */
function lay(under: unknown, over: unknown): unknown {
  const [below, above] = [section.safeParse(under), section.safeParse(over)];
  if (!below.success || !above.success) return over ?? under;
  const names = [...new Set([...Object.keys(below.data), ...Object.keys(above.data)])];
  return Object.fromEntries(names.map((name) => [name, lay(below.data[name], above.data[name])]));
}

export const readJsonFile = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
