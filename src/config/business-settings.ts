import { type Environment, type Rows, readRows, textOf } from './environment.ts';
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
 * Reads the variables that the businesses declare: for each business by its name the texts under their full names.
 * Absent variables have no entry. A name must begin with the name of its business and have no other owner. Throws
 * `ConfigError` with all faults together.
 */
export function readBusinessSettings(businesses: readonly BusinessRows[], env: Environment = process.env) {
  const faults: Fault[] = [];
  const owners = new Map(Object.keys(settingRows).map((name) => [name, 'the service']));
  const read = businesses.map(({ name: business, settings = {} }) => {
    const source = `business "${business}"`;
    const prefix = `${business.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_`;
    for (const path of Object.keys(settings)) {
      const owner = owners.get(path);
      const found = owner ? `a variable of ${owner}` : 'a name without its prefix';
      const allowed = owner ? 'a name of its own' : `a name that begins with ${prefix}`;
      if (owner || !path.startsWith(prefix)) faults.push({ source, path, found, allowed });
      owners.set(path, source);
    }
    readRows(settings, env, faults);
    return [business, textsOf(settings, env)] as const;
  });
  const needsBus = businesses.some(({ sends = [], handlers = {} }) => sends.length + Object.keys(handlers).length > 0);
  if (needsBus && !textOf(env, 'SERVICEBUS_NAMESPACE') && !textOf(env, 'SERVICEBUS_CONNECTION_STRING')) {
    const allowed = 'one of the two, because this service sends or handles messages';
    faults.push({ source: 'SERVICEBUS_NAMESPACE', found: 'nothing, and no SERVICEBUS_CONNECTION_STRING', allowed });
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.fromEntries(read);
}

function textsOf(rows: Rows, env: Environment): Readonly<Record<string, string>> {
  const texts = Object.entries(rows).map(([name, row]) => [name, textOf(env, name, row)] as const);
  return Object.fromEntries(texts.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
