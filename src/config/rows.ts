import { z } from 'zod';
import { type Fault, shown } from './faults.ts';
import { nearest } from './nearest.ts';
import { type SettingRow, settingRows } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Rows = Readonly<Record<string, SettingRow>>;

/** What the loader must know of a business: its name and its own variables. */
export interface BusinessRows {
  name: string;
  settings?: Rows;
}

/** The text of a variable. One that is empty or blank counts as left out. */
export function textOf(env: Environment, name: string, row?: SettingRow): string | undefined {
  return env[name]?.trim() || row?.default;
}

/** What is wrong with the variables of these rows, each by itself. */
export function checkRows(rows: Rows, env: Environment): Fault[] {
  return Object.entries(rows).flatMap(([source, row]) => {
    const text = textOf(env, source, row);
    const { error } = row.schema.safeParse(text);
    if (!error) return [];
    const place = { source, path: '', found: shown(text, { secret: row.secret }) };
    // A hidden value cannot be judged by looking at it: its schema says what is missing.
    const reasons = row.secret ? error.issues.filter(({ code }) => code === 'custom') : [];
    if (reasons.length > 0) return reasons.map(({ message }) => ({ ...place, allowed: message }));
    const options = row.schema instanceof z.ZodEnum ? row.schema.options.map(String) : [];
    return [{ ...place, allowed: row.allowed, nearest: nearest(text ?? '', options) }];
  });
}

/** Variables of businesses whose name lacks the prefix of their business, or that somebody else has. */
export function checkOwners(businesses: readonly BusinessRows[]): Fault[] {
  const owners = new Map(Object.keys(settingRows).map((name) => [name, 'the service']));
  return businesses.flatMap(({ name: business, settings = {} }) =>
    Object.keys(settings).flatMap((name): Fault[] => {
      const source = `business "${business}"`;
      const prefix = `${business.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_`;
      const owner = owners.get(name);
      if (owner)
        return [{ source, path: name, found: `a variable of ${owner}`, allowed: 'a name that nobody else has' }];
      owners.set(name, source);
      if (name.startsWith(prefix)) return [];
      return [{ source, path: name, found: 'a name without its prefix', allowed: `a name that begins with ${prefix}` }];
    }),
  );
}

/** The checked texts of a business's variables, under their full names; one that is left out is absent. */
export function readBusiness({ settings = {} }: BusinessRows, env: Environment): Record<string, string> {
  const texts = Object.entries(settings).map(([name, row]) => [name, textOf(env, name, row)] as const);
  return Object.fromEntries(texts.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Variables that nobody reads but that look like a misspelt one of ours. */
export function misspelt(rows: Rows, env: Environment): string[] {
  const names = Object.keys(rows);
  const strangers = Object.keys(env).filter((name) => !Object.hasOwn(rows, name) && textOf(env, name));
  return strangers.flatMap((name) => {
    const meant = nearest(name, names, { atMost: 2 });
    return name.length > 8 && meant ? [`${name} is set and nothing reads it; did you mean ${meant}?`] : [];
  });
}
