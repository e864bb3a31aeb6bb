import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** What the page's code may import by name. */
const roots = [
  'preact',
  'htm',
  'uplot',
  '@codemirror/state',
  '@codemirror/view',
  '@codemirror/commands',
  '@codemirror/language',
  '@codemirror/autocomplete',
  '@codemirror/lint',
  '@lezer/highlight',
] as const;
/** Entrances of a package beside its main one, and styles, that the page uses. */
const more: Readonly<Record<string, readonly string[]>> = { preact: ['./hooks'], htm: ['./preact'] };
const styles: Readonly<Record<string, readonly string[]>> = { uplot: ['dist/uPlot.min.css'] };

interface PackageFile {
  name: string;
  module?: string;
  main?: string;
  exports?: Readonly<Record<string, unknown>>;
  dependencies?: Readonly<Record<string, string>>;
}

export interface PageLibraries {
  /** What the import map says of packages: addresses by the names that are imported. */
  readonly imports: Readonly<Record<string, string>>;
  /** Files by their path below `/assets/npm/`: these and no others are served. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Resolves the page's libraries and everything that they depend on, as a browser must be told it. Generated from what is
 * installed: one name that is missing would break every page. Throws when a library is not installed.
 */
export function readLibraries(): PageLibraries {
  const imports: Record<string, string> = {};
  const files = new Map<string, string>();
  const serve = (name: string, folder: string, path: string): string => {
    const below = `${name}/${path.replace(/^\.\//, '')}`;
    files.set(below, join(folder, path));
    return `/assets/npm/${below}`;
  };
  const waiting: { name: string; parent: string }[] = roots.map((name) => ({ name, parent: import.meta.url }));
  const seen = new Set<string>();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { name, parent } = next;
    if (seen.has(name)) continue;
    seen.add(name);
    const file = findPackageJSON(name, parent);
    // A peer or an optional one, which nothing imports where it is not installed.
    if (file === undefined) continue;
    const description = JSON.parse(readFileSync(file, 'utf8')) as PackageFile;
    const folder = dirname(file);
    for (const entrance of ['.', ...(more[name] ?? [])]) {
      imports[`${name}${entrance.slice(1)}`] = serve(name, folder, moduleAt(description, entrance));
    }
    for (const style of styles[name] ?? []) serve(name, folder, style);
    for (const each of Object.keys(description.dependencies ?? {})) waiting.push({ name: each, parent: file });
  }
  return { imports, files };
}

/** The file of an entrance that a browser can import. */
function moduleAt({ name, exports, module, main }: PackageFile, entrance: string): string {
  const conditions = exports?.[entrance] ?? (entrance === '.' ? exports : undefined);
  const path = browserModule(conditions) ?? (entrance === '.' ? (module ?? main) : undefined);
  if (path === undefined) throw new Error(`The package ${name} has no module for "${entrance}"`);
  return path;
}

function browserModule(conditions: unknown): string | undefined {
  if (typeof conditions === 'string') return conditions;
  if (typeof conditions !== 'object' || conditions === null) return undefined;
  const { browser, import: asModule, default: otherwise } = conditions as Record<string, unknown>;
  return browserModule(asModule) ?? browserModule(browser) ?? browserModule(otherwise);
}
