import { activeModules } from './active-modules.ts';
import { type FileSource, readConfigFile } from './config-file.ts';
import { ConfigError } from './faults.ts';
import type { Level, Levels, ModuleManifest } from './manifest.ts';
import { overruled } from './overrulers.ts';
import { checkTogether, readSettings } from './read-settings.ts';
import {
  type BusinessRows,
  checkOwners,
  checkRows,
  type Environment,
  misspelt,
  type Rows,
  readBusiness,
  textOf,
} from './rows.ts';
import { deploymentSection } from './sections.ts';
import { type Settings, settingRows } from './settings.ts';

/** Everything that the service was told, checked and typed. */
export interface Config {
  level: Level;
  /** The modules that are on, in the order of the registry. */
  active: readonly string[];
  /** Of `observability.json`, by key, with every default filled in. */
  sections: Readonly<Record<string, unknown>>;
  settings: Settings;
  /** The variables of each business, by its name. */
  business: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What `OBSERVABILITY_CONFIG` would hold: the whole file with its defaults and the level that is in force. */
  resolved: Readonly<Record<string, unknown>>;
  /** Sentences for the log: nothing is wrong, but somebody should know. */
  notices: readonly string[];
}

interface LoadOptions {
  env?: Environment;
  /** Variables that hold whatever `env` says. */
  overrides?: Environment;
  file?: FileSource;
  manifests: readonly ModuleManifest[];
  levels: Levels;
  businesses: readonly BusinessRows[];
  /** Whether somebody sends or handles messages. */
  needsServiceBus: boolean;
}

/**
 * Reads the configuration once, at start. The order of precedence: a variable, then `OBSERVABILITY_CONFIG`, then the
 * file, then the default. Throws `ConfigError` with all faults together.
 */
export function loadConfig({
  env: given = process.env,
  overrides = {},
  file = { path: 'observability.json' },
  manifests,
  levels,
  businesses,
  needsServiceBus,
}: LoadOptions): Config {
  const env = { ...given, ...overrides };
  const [whole, level] = [textOf(env, 'OBSERVABILITY_CONFIG'), textOf(env, 'OBSERVABILITY_LEVEL')];
  const read = readConfigFile({ whole, level, file, manifests, levels });
  const modules = read.value && activeModules({ source: read.source, manifests, ...read.value });

  const deployment = read.value && deploymentSection.parse(read.value.sections.deployment);
  const together = { env, needsServiceBus, deployment, file: read.source };
  const tables: Rows[] = [settingRows, ...businesses.map(({ settings = {} }) => settings)];
  const rows = Object.fromEntries(tables.flatMap((table) => Object.entries(table)));
  const faults = [
    ...read.faults,
    ...(modules?.faults ?? []),
    ...checkOwners(businesses),
    ...checkRows(rows, env),
    ...checkTogether(together),
  ];
  if (faults.length > 0 || !read.value || !modules) throw new ConfigError(faults);

  const { modules: choice, sections } = read.value;
  return {
    level: read.value.level,
    active: modules.active,
    sections,
    settings: readSettings(together),
    business: Object.fromEntries(businesses.map((business) => [business.name, readBusiness(business, env)])),
    resolved: { level: read.value.level, modules: choice, ...sections },
    notices: [...modules.notices, ...overruled(env), ...misspelt(rows, env)],
  };
}
