import { z } from 'zod';
import { type Fault, nearest, shown } from './faults.ts';
import { type SettingRow, settingRows } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Rows = Readonly<Record<string, SettingRow>>;

/** The text of a variable, or its default. An empty or blank variable counts as absent. */
export function textOf(env: Environment, name: string, row?: SettingRow): string | undefined {
  return env[name]?.trim() || row?.default;
}

/** The faults of the variables of these rows, each checked by itself. */
export function checkRows(rows: Rows, env: Environment): Fault[] {
  return Object.entries(rows).flatMap(([source, row]) => {
    const text = textOf(env, source, row);
    const { error } = row.schema.safeParse(text);
    if (!error) return [];
    const place = { source, found: shown(text, { secret: row.secret }) };
    // The fault does not show a secret value, so the schema says which part is wrong.
    const reasons = row.secret ? error.issues.filter(({ code }) => code === 'custom') : [];
    if (reasons.length > 0) return reasons.map(({ message }) => ({ ...place, allowed: message }));
    const options = row.schema instanceof z.ZodEnum ? row.schema.options.map(String) : [];
    return [{ ...place, allowed: row.allowed, nearest: nearest(text ?? '', options) }];
  });
}

/** Notices about variables that the service does not read, but whose names are similar to one of its variables. */
export function misspelt(env: Environment): string[] {
  const names = Object.keys(settingRows);
  const strangers = Object.keys(env).filter((name) => !names.includes(name) && name.length > 8 && textOf(env, name));
  return strangers.flatMap((name) => {
    const meant = nearest(name, names, { atMost: 2 });
    return meant ? [`${name} is set and nothing reads it; did you mean ${meant}?`] : [];
  });
}
