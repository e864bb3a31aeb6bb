import { activeModules } from './active-modules.ts';
import { type Environment, misspelt, type Rows, readRows, textOf } from './environment.ts';
import { ConfigError, type Fault, shown } from './faults.ts';
import { fileSchema, levelSchema } from './file-schema.ts';
import { checkValue, type JsonSource, readJson } from './json-file.ts';
import type { Level, Levels, Manifests } from './manifest.ts';
import { readSettings, type Settings } from './read-settings.ts';
import { overruled } from './sdk-environment.ts';
import type { Cost, Slo } from './sections.ts';
import { settingRows } from './settings.ts';

/** The configuration of the service, checked and typed. */
export interface Config {
  level: Level;
  /** The modules that are on, in the order of the registry. */
  active: readonly string[];
  /** The sections of `observability.json` by key, with every default filled in. */
  sections: Readonly<Record<string, unknown>> & { readonly slo: Slo; readonly cost: Cost };
  settings: Settings;
  /** The variables of all modules, also of those that are off. */
  variables: Readonly<Record<string, unknown>>;
  /** Sentences for the log about settings that are valid but may be a mistake. */
  notices: readonly string[];
}

interface LoadOptions {
  env?: Environment;
  file?: JsonSource;
  manifests: Manifests;
  levels: Levels;
}

/** The module that checks the tokens of callers. */
const tokenModule = 'bearer-tokens';

/**
 * Reads the configuration. The order of precedence: a variable, then `OBSERVABILITY_CONFIG`, then the file, then the
 * default. Throws `ConfigError` with all faults together.
 */
export function loadConfig(options: LoadOptions): Config {
  const { env = process.env, file = { name: 'observability.json' }, manifests, levels } = options;
  const faults: Fault[] = [];
  const whole = textOf(env, 'OBSERVABILITY_CONFIG');
  const source = whole === undefined ? file : { name: 'OBSERVABILITY_CONFIG', text: whole };
  const schema = fileSchema(manifests, levels);
  const given = textOf(env, 'OBSERVABILITY_LEVEL');
  // With OBSERVABILITY_LEVEL the file may leave the level out.
  const read = readJson(source, given ? schema.partial({ level: true }) : schema, faults, withoutNulls);
  const override = given && checkValue(Number(given) || given, 'OBSERVABILITY_LEVEL', levelSchema(levels), faults);
  const level = override || read?.level;
  const on = read && level && activeModules(manifests, { level, ...read.modules }, source.name, faults);
  const settings = readSettings(env, read?.deployment, source.name, faults);
  const rows = variablesOf(manifests);
  const variables = readRows(rows, env, faults);
  if (on && settings.tokens && !on.active.includes(tokenModule)) {
    const found = `the issuer of tokens ${shown(settings.tokens.issuer)} and no "${tokenModule}", so that no token would be checked`;
    const allowed = `"${tokenModule}" among the modules, or no issuer`;
    faults.push({ source: source.name, path: 'modules.add', found, allowed });
  }
  if (!on || faults.length > 0) throw new ConfigError(faults);
  const { $schema, level: own, modules, assessment, ...sections } = read;
  const notices = [...on.notices, ...overruled(env), ...misspelt(env, Object.keys({ ...settingRows, ...rows }))];
  return { level, active: on.active, sections, settings, variables, notices };
}

/** The rows of the variables of all modules. */
const variablesOf = (manifests: Manifests): Rows => Object.assign({}, ...manifests.map(({ variables }) => variables));

/** A key with the value `null` counts as absent. */
function withoutNulls(this: unknown, _key: string, value: unknown): unknown {
  return value === null && !Array.isArray(this) ? undefined : value;
}
