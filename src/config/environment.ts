import type { z } from 'zod';
import { type Fault, nearest, shown } from './faults.ts';
import type { SettingRow } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Rows = Readonly<Record<string, SettingRow>>;
/** The variables as their schemas read them, by name. */
export type Read<R extends Rows> = { [Name in keyof R]: z.output<R[Name]['schema']> };

/** The text of a variable, or its default. An empty or blank variable counts as absent. */
export const textOf = (env: Environment, name: string, row?: SettingRow): string | undefined =>
  env[name]?.trim() || row?.default;

/** Reads the variables of these rows, each by itself. Adds to `faults`; a variable with a fault is undefined. */
export function readRows<R extends Rows>(rows: R, env: Environment, faults: Fault[]) {
  const read = Object.entries<SettingRow>(rows).map(([source, row]) => {
    const text = textOf(env, source, row);
    const { data, error } = row.schema.safeParse(text, { error: () => row.allowed });
    const found = row.secret && text !== undefined ? '(hidden)' : shown(text);
    const choices = error?.issues.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values.map(String) : []));
    // Each part of a connection string has a reason of its own, because its value is hidden.
    for (const allowed of new Set(error?.issues.map(({ message }) => message))) {
      faults.push({ source, found, allowed, nearest: nearest(text ?? '', choices ?? []) });
    }
    return [source, data] as const;
  });
  // The type of `Object.fromEntries` does not say which name has which schema: the cast adds it.
  return Object.fromEntries(read) as Read<R>;
}

/** Notices about variables that the service does not read, but whose names are similar to one of `names`, its own. */
export function misspelt(env: Environment, names: readonly string[]): string[] {
  const strangers = Object.keys(env).filter((name) => !names.includes(name) && name.length > 8 && textOf(env, name));
  return strangers.flatMap((name) => {
    const meant = nearest(name, names, 2);
    return meant ? [`${name} is set and nothing reads it; did you mean ${meant}?`] : [];
  });
}
