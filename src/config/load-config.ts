import { activeModules } from './active-modules.ts';
import { type Environment, misspelt, textOf } from './environment.ts';
import { ConfigError, type Fault } from './faults.ts';
import { fileSchema, levelSchema } from './file-schema.ts';
import { checkJson, type JsonSource, nameOf, parseJson } from './json-file.ts';
import type { Level, Levels, ModuleManifest } from './manifest.ts';
import { overruled } from './overrulers.ts';
import { checkSettings, readSettings, type Settings } from './read-settings.ts';
import { deploymentSection } from './sections.ts';

/** The configuration of the service, checked and typed. */
export interface Config {
  level: Level;
  /** The modules that are on, in the order of the registry. */
  active: readonly string[];
  /** The sections of `observability.json` by key, with every default filled in. */
  sections: Readonly<Record<string, unknown>>;
  settings: Settings;
  /** What `OBSERVABILITY_CONFIG` would hold: the whole file with its defaults and the level that is in force. */
  resolved: Readonly<Record<string, unknown>>;
  /** Sentences for the log about settings that are valid but may be a mistake. */
  notices: readonly string[];
}

type FileOptions = Required<Omit<LoadOptions, 'overrides'>>;

interface LoadOptions {
  env?: Environment;
  /** Variables that replace those of `env`. */
  overrides?: Environment;
  file?: JsonSource;
  manifests: readonly ModuleManifest[];
  levels: Levels;
}

/**
 * Reads the configuration. The order of precedence: a variable, then `OBSERVABILITY_CONFIG`, then the file, then the
 * default. Throws `ConfigError` with all faults together.
 */
export function loadConfig({
  env: given = process.env,
  overrides = {},
  file = { path: 'observability.json' },
  manifests,
  levels,
}: LoadOptions): Config {
  const env = { ...given, ...overrides };
  const read = readObservabilityFile({ env, file, manifests, levels });
  const deployment = read.value && deploymentSection.parse(read.value.sections.deployment);
  const faults = [...read.faults, ...checkSettings(env, deployment, read.source)];
  if (faults.length > 0 || !read.value || !deployment) throw new ConfigError(faults);
  const { level, modules, active, sections, notices } = read.value;
  return {
    ...{ level, active, sections },
    settings: readSettings(env, deployment),
    resolved: { level, modules, ...sections },
    notices: [...notices, ...overruled(env), ...misspelt(env)],
  };
}

/** Reads `observability.json` without the variables of the service. Returns a `value`, or `faults`. */
export function readObservabilityFile({ env, file, manifests, levels }: FileOptions) {
  const whole = textOf(env, 'OBSERVABILITY_CONFIG');
  const given: JsonSource = whole === undefined ? file : { name: 'OBSERVABILITY_CONFIG', text: whole };
  const source = nameOf(given);
  const override = readOverride(textOf(env, 'OBSERVABILITY_LEVEL'), levels);
  const json = parseJson(given);
  // With OBSERVABILITY_LEVEL the file may leave the level out.
  if (override && isWithoutLevel(json.value)) json.value = { ...json.value, level: override.value ?? 1 };
  const checked = checkJson(json, source, fileSchema(manifests, levels));
  const faults: Fault[] = [...checked.faults, ...(override?.faults ?? [])];
  if (!checked.value || faults.length > 0) return { source, faults };

  const { $schema, level: own, modules, ...rest } = checked.value;
  const sections: Readonly<Record<string, unknown>> = rest;
  const level = override?.value ?? own;
  const on = activeModules({ source, level, modules, manifests });
  if (on.faults.length > 0) return { source, faults: on.faults };
  return { source, faults, value: { level, modules, sections, ...on } };
}

function readOverride(text: string | undefined, levels: Levels) {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : text;
  return checkJson({ value, faults: [] }, 'OBSERVABILITY_LEVEL', levelSchema(levels));
}

function isWithoutLevel(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('level' in value);
}
