import { readFileSync } from 'node:fs';
import { check } from './check.ts';
import type { Fault } from './faults.ts';
import { fileSchema, levelSchema, modulesSchema } from './file-schema.ts';
import type { Level, Levels, ModuleManifest } from './manifest.ts';
import { parseJson } from './parse-json.ts';

/** Where `observability.json` is, or what it holds. */
export type FileSource = { path: string } | { text: string };

/** `observability.json` with every default filled in. */
export interface ConfigFile {
  level: Level;
  modules: { add: string[]; remove: string[] };
  sections: Readonly<Record<string, unknown>>;
}

interface FileOptions {
  /** `OBSERVABILITY_CONFIG`: stands for the whole file, which is then not read. */
  whole: string | undefined;
  /** `OBSERVABILITY_LEVEL`: with it, the file may leave the level out. */
  level: string | undefined;
  file: FileSource;
  manifests: readonly ModuleManifest[];
  levels: Levels;
}

/** Reads and checks the file. Without a `value` there are faults; `source` is the name of what was read. */
export function readConfigFile({ whole, level, file, manifests, levels }: FileOptions) {
  const text = whole === undefined ? textOf(file) : { source: 'OBSERVABILITY_CONFIG', text: whole };
  const { source } = text;
  const json = text.text === undefined ? { faults: [text.fault] } : parseJson(source, text.text);
  const override = level === undefined ? undefined : checkLevel(level, levels);
  const faults = [...json.faults, ...(override?.faults ?? [])];
  if (json.value === undefined) return { source, faults };

  const given = override && isWithoutLevel(json.value) ? { ...json.value, level: 1 } : json.value;
  const checked = check(source, fileSchema(manifests, levels), given);
  faults.push(...checked.faults);
  if (!checked.value || faults.length > 0) return { source, faults };

  const { $schema, level: own, modules, ...sections } = checked.value;
  const value: ConfigFile = {
    level: override?.value ?? levelSchema(levels).parse(own),
    modules: modulesSchema(manifests).parse(modules),
    sections,
  };
  return { source, faults, value };
}

function checkLevel(text: string, levels: Levels) {
  return check('OBSERVABILITY_LEVEL', levelSchema(levels), /^\d+$/.test(text) ? Number(text) : text);
}

function isWithoutLevel(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('level' in value);
}

type Text = { source: string; text: string } | { source: string; text: undefined; fault: Fault };

function textOf(file: FileSource): Text {
  if ('text' in file) return { source: 'observability.json', text: file.text };
  const source = file.path;
  try {
    return { source, text: readFileSync(file.path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const found = code === 'ENOENT' ? 'no such file' : `a file that cannot be read (${code})`;
    return {
      source,
      text: undefined,
      fault: { source, path: '', found, allowed: 'the file, or OBSERVABILITY_CONFIG' },
    };
  }
}
