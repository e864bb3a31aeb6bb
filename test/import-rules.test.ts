import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sourcesOf } from '../tools/generate/lines-of-code.ts';
import { readSources } from '../tools/generate/sources.ts';

const root = resolve(import.meta.dirname, '..');

/** One file a rule, each breaking that rule alone; `says` is what the person who broke it must read. */
const violations: Record<string, { text: string; rule: string; says: string }> = {
  'src/config/reaches-out.ts': {
    text: "import { x } from '../platform/log.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'config is a leaf',
  },
  'src/platform/has-opinions.ts': {
    text: "import { x } from '../observability/levels.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'no opinion on telemetry',
  },
  'src/platform/knows-business.ts': {
    text: "import { x } from '../business/index.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'know no business',
  },
  'src/observability/modules/m/knows-business.ts': {
    text: "import { x } from '../../../business/index.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'know no business',
  },
  'src/observability/modules/m/knows-broker.ts': {
    text: "import { x } from '../../../platform/service-bus/clients.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'messages and settlements, not the broker',
  },
  'src/business/b/knows-level.ts': {
    text: "import { x } from '../../observability/levels.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'no module and no level',
  },
  'src/business/b/reads-config.ts': {
    text: "import { x } from '../../config/load-config.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'declares its settings',
  },
  'operator/picks-business.ts': {
    text: "import { x } from '../src/business/orders/index.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'Import business/index.ts',
  },
  'operator/takes-running.ts': {
    text: "import { x } from '../src/observability/running.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'Only preload.ts and main.ts',
  },
  'src/platform/takes-main.ts': {
    text: "import { x } from '../main.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'entry points',
  },
  'operator/takes-local.ts': {
    text: "import { x } from '../local/run-file/index.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'operator never imports local',
  },
  'local/takes-operator.ts': {
    text: "import { x } from '../operator/terminal.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'local never imports operator',
  },
  'src/main.ts': {
    text: "import { x } from '../local/service-bus/index.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'src never imports operator or local',
  },
  'src/platform/takes-command.ts': {
    text: "import { x } from '../../operator/terminal.ts';\nx();",
    rule: 'noRestrictedImports',
    says: 'src never imports operator or local',
  },
  'operator/reads-environment.ts': {
    text: 'export const x = process.env.PORT;',
    rule: 'noProcessEnv',
    says: 'process.env',
  },
  'src/platform/reads-environment.ts': {
    text: 'export const x = process.env.PORT;',
    rule: 'noProcessEnv',
    says: 'process.env',
  },
  'src/platform/prints.ts': { text: "console.log('x');", rule: 'noConsole', says: 'console' },
  'src/platform/defaults.ts': { text: 'export default 1;', rule: 'noDefaultExport', says: 'default' },
  'src/platform/re-exports.ts': { text: "export * from './problem.ts';", rule: 'noReExportAll', says: 're-export' },
  'src/platform/floats.ts': {
    text: 'const later = async () => 1;\nexport function f() {\n  later();\n}',
    rule: 'noFloatingPromises',
    says: 'Promise',
  },
  'src/platform/ring.ts': {
    text: "import { y } from './ring-back.ts';\nexport const x = () => y;",
    rule: 'noImportCycles',
    says: 'cycle',
  },
  'src/platform/CamelCase.ts': { text: 'export const x = 1;', rule: 'useFilenamingConvention', says: 'kebab-case' },
  'src/platform/long.ts': {
    text: Array.from({ length: 201 }, (_, i) => `export const x${i} = ${i};`).join('\n'),
    rule: 'noExcessiveLinesPerFile',
    says: '200',
  },
  'operator/long-function.ts': {
    text: `export function f() {\n${'  f();\n'.repeat(61)}}`,
    rule: 'noExcessiveLinesPerFunction',
    says: '60',
  },
  'test/focused.test.ts': {
    text: "import { test } from 'vitest';\ntest.only('x', () => {});",
    rule: 'noFocusedTests',
    says: 'focus',
  },
};
const allowed: Record<string, string> = {
  'src/platform/ring-back.ts': "import { x } from './ring.ts';\nexport const y = () => x;",
  'src/platform/problem.ts': 'export const x = 1;',
  'src/observability/events.ts': 'export const x = () => 1;',
  'src/observability/running.ts': 'export const x = () => 1;',
  'src/preload.ts': "import { x } from './observability/running.ts';\n\nx();\n",
  'src/business/b/announces.ts': "import { x } from '../../observability/events.ts';\n\nx();\n",
  'src/business/b/reads-file.ts': "import { x } from '../../config/json-file.ts';\n\nx();\n",
  'src/config/json-file.ts': 'export const x = () => 1;',
  'src/config/reads.ts': 'export const port = process.env.PORT;\n',
};

let folder = '';
let diagnostics: { category: string; path: string; text: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-rules-'));
  await cp(join(root, 'biome.json'), join(folder, 'biome.json'));
  await writeFile(join(folder, '.gitignore'), 'node_modules\n');
  const files = {
    ...allowed,
    ...Object.fromEntries(Object.entries(violations).map(([path, { text }]) => [path, text])),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', 'src', 'operator', 'local', 'test'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }).catch(
    (failed) => failed,
  );
  type Reported = { category: string; location: { path: string | { file: string } } };
  diagnostics = (JSON.parse(stdout) as { diagnostics: Reported[] }).diagnostics.map((found) => {
    const { path } = found.location;
    return { category: found.category, path: typeof path === 'string' ? path : path.file, text: JSON.stringify(found) };
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(Object.entries(violations))('%s breaks its rule and is told what to do', (path, { rule, says }) => {
  const own = diagnostics.filter((found) => found.path.replaceAll('\\', '/') === path);
  const hit = own.find(({ category }) => category?.endsWith(`/${rule}`));
  expect(hit?.text, JSON.stringify(own)).toContain(says);
});

test.each(['src/preload.ts', 'src/business/b/announces.ts', 'src/business/b/reads-file.ts', 'src/config/reads.ts'])(
  '%s breaks none',
  (path) => {
    expect(diagnostics.filter((found) => found.path.replaceAll('\\', '/') === path)).toEqual([]);
  },
);

type Needs = Readonly<Record<string, readonly string[]>>;

/** Biome reads no manifests: imports of one module by another that does not need it, with what to do. */
function beyondNeeds(texts: Readonly<Record<string, string>>, needsOf: Needs): string[] {
  return Object.entries(texts).flatMap(([path, text]) => {
    const own = path.match(/^src\/observability\/modules\/([^/]+)\//)?.[1];
    if (own === undefined) return [];
    const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)]
      .map(([, target = '']) => posix.join(dirname(path), target).match(/^src\/observability\/modules\/([^/]+)\//)?.[1])
      .filter((other) => other !== undefined && other !== own && !needsOf[own]?.includes(other));
    return [...new Set(imported)].map(
      (other) =>
        `${path} imports from ${other}: add '${other}' to \`needs\` in the manifest of ${own}, or import nothing from it.`,
    );
  });
}

test('a module imports only modules that its manifest needs', async () => {
  const { manifests } = await readSources();
  const paths = sourcesOf(root, 'src/observability/modules');
  const texts = Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  expect(beyondNeeds(texts, Object.fromEntries(manifests.map(({ name, needs }) => [name, needs])))).toEqual([]);
});

test.each([
  "import { x } from '../b/x.ts';",
  "import type {\n  X,\n} from '../../modules/b/deep/x.ts';",
  "const x = await import('../b/x.ts');",
  "export { x } from '../b/x.ts';",
])('%j is told what to add to the manifest, unless it is there', (text) => {
  const files = { 'src/observability/modules/a/index.ts': text };
  expect(beyondNeeds(files, { a: [] })).toEqual([
    "src/observability/modules/a/index.ts imports from b: add 'b' to `needs` in the manifest of a, or import nothing from it.",
  ]);
  expect(beyondNeeds(files, { a: ['b'] })).toEqual([]);
});

test('no two files of src, operator and local have one name, except those that every folder or module has', () => {
  const files = globSync(['src/**/*.ts', 'operator/**/*.ts', 'local/**/*.ts'], {
    cwd: root,
    exclude: ['**/node_modules/**', '**/*.test.ts', 'operator/init/templates/**'],
  });
  // A command is named as its npm script, and the folder with its parts too; a business as its folder.
  const names = files.map((path) => basename(path)).filter((name) => !['index.ts', 'manifest.ts'].includes(name));
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
