import { checkRows, type Environment, type Rows, textOf } from './environment.ts';
import { ConfigError, type Fault } from './faults.ts';
import { settingRows } from './settings.ts';

/** What the loader must know of a business: its name, its own variables, and whether it needs Service Bus. */
export interface BusinessRows {
  name: string;
  settings?: Rows;
  sends?: readonly string[];
  handlers?: Readonly<Record<string, unknown>>;
}

/**
 * The checked variables of each business by its name, as texts under their full names. Absent variables have no entry.
 */
export type BusinessSettings = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads the variables that the businesses declare. Throws `ConfigError` with all faults together. */
export function readBusinessSettings(
  businesses: readonly BusinessRows[],
  env: Environment = process.env,
): BusinessSettings {
  const rows = Object.assign({}, ...businesses.map(({ settings = {} }) => settings));
  const faults = [...ownerFaults(businesses), ...checkRows(rows, env), ...serviceBusFaults(businesses, env)];
  if (faults.length > 0) throw new ConfigError(faults);
  const read = ({ settings = {} }: BusinessRows) => {
    const texts = Object.entries(settings).map(([name, row]) => [name, textOf(env, name, row)] as const);
    return Object.fromEntries(texts.filter((entry): entry is [string, string] => entry[1] !== undefined));
  };
  return Object.fromEntries(businesses.map((business) => [business.name, read(business)]));
}

/** Variables whose name lacks the prefix of their business, or that have another owner already. */
function ownerFaults(businesses: readonly BusinessRows[]): Fault[] {
  const owners = new Map(Object.keys(settingRows).map((name) => [name, 'the service']));
  return businesses.flatMap(({ name: business, settings = {} }) =>
    Object.keys(settings).flatMap((name): Fault[] => {
      const source = `business "${business}"`;
      const prefix = `${business.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_`;
      const owner = owners.get(name);
      if (owner) return [{ source, path: name, found: `a variable of ${owner}`, allowed: 'a name of its own' }];
      owners.set(name, source);
      if (name.startsWith(prefix)) return [];
      return [{ source, path: name, found: 'a name without its prefix', allowed: `a name that begins with ${prefix}` }];
    }),
  );
}

function serviceBusFaults(businesses: readonly BusinessRows[], env: Environment): Fault[] {
  const needed = businesses.some(({ sends, handlers }) => sends !== undefined || handlers !== undefined);
  if (!needed || textOf(env, 'SERVICEBUS_NAMESPACE') || textOf(env, 'SERVICEBUS_CONNECTION_STRING')) return [];
  const allowed = 'one of the two, because this service sends or handles messages';
  return [{ source: 'SERVICEBUS_NAMESPACE', found: 'nothing, and no SERVICEBUS_CONNECTION_STRING', allowed }];
}
