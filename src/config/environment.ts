import { z } from 'zod';
import { type Fault, nearest, shown } from './faults.ts';
import { type SettingRow, settingRows } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Rows = Readonly<Record<string, SettingRow>>;

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
    const place = { source, found: shown(text, { secret: row.secret }) };
    // A hidden value cannot be judged by looking at it: its schema says what is missing.
    const reasons = row.secret ? error.issues.filter(({ code }) => code === 'custom') : [];
    if (reasons.length > 0) return reasons.map(({ message }) => ({ ...place, allowed: message }));
    const options = row.schema instanceof z.ZodEnum ? row.schema.options.map(String) : [];
    return [{ ...place, allowed: row.allowed, nearest: nearest(text ?? '', options) }];
  });
}

/** Variables that nothing reads but whose names look like a misspelt one of the service's. */
export function misspelt(env: Environment): string[] {
  const names = Object.keys(settingRows);
  const strangers = Object.keys(env).filter((name) => !names.includes(name) && name.length > 8 && textOf(env, name));
  return strangers.flatMap((name) => {
    const meant = nearest(name, names, { atMost: 2 });
    return meant ? [`${name} is set and nothing reads it; did you mean ${meant}?`] : [];
  });
}
