import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { businesses } from '../../src/business/index.ts';
import { fileSchema } from '../../src/config/file-schema.ts';
import { inside, type JsonSchema, jsonSchemaOf } from '../../tools/generate/json-schema.ts';
import { readSources } from '../../tools/generate/sources.ts';
import { blocksOf } from './code-blocks.ts';
import { isWhole, pages, root, textOf } from './pages.ts';
import { projectText } from './project-text.ts';

const { manifests, levels, events } = await readSources();
const eventNames = new Set(events.map(({ name }) => name));
const schema = jsonSchemaOf(fileSchema(manifests, levels));
const sections = Object.keys(schema.properties ?? {});
const project = projectText();
const words = new Set(project.match(/\w+/g));

/** What a page says in code: between backticks, and in blocks that are not the output of a run. */
const codeOf = (page: string): string[] => [
  ...[...textOf(page).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, code = '']) => code),
  ...blocksOf(textOf(page)).flatMap(({ language, text }) => (language === 'console' ? [] : [text])),
];

/** Whether `observability.json` has a key at this path. */
function hasKey(parent: JsonSchema, [key, ...deeper]: readonly string[]): boolean {
  if (key === undefined) return true;
  const found = parent.properties?.[key];
  return found !== undefined && hasKey(inside(found), deeper);
}

/** The keys of `observability.json` that a text names, such as `deployment.tokens` or `slo.latencyMs`. */
const keysIn = (code: string): string[] =>
  [...code.matchAll(/(?<![\w./-])[a-z]\w+(?:\.[a-z]\w+)+(?![\w(/]|\.\w)/g)]
    .map(([path]) => path)
    .filter((path) => sections.includes(path.split('.')[0] ?? ''));

test.each(pages)('every key of observability.json that %s names exists', (page) => {
  const wrong = codeOf(page)
    .flatMap(keysIn)
    // An event or an attribute of telemetry may begin like a key; an attribute stands in the code as text.
    .filter((path) => !hasKey(schema, path.split('.')) && !eventNames.has(path) && !project.includes(`'${path}'`));
  expect(wrong).toEqual([]);
});

/** Those of Azure's tools, of .NET, of Node and of the shell, which no package here reads. */
const readElsewhere = /^(AZURE|DOTNET|NODE)_|^(NO_PROXY|NO_COLOR)$/;

/** The names of the variables that the installed packages of telemetry read. */
const readByPackages = new Set(
  globSync(
    [
      'node_modules/@opentelemetry/{core,configuration,resources,otlp-*,sdk-*,exporter-*-otlp-*}/build/src/**/*.js',
      'node_modules/@azure/monitor-opentelemetry*/dist/esm/**/*.js',
    ],
    { cwd: root },
  ).flatMap((path) => textOf(path).match(/\bOTEL_\w+/g) ?? []),
);
/** A package may put the name of the signal into the name of a variable when it runs. */
const withoutSignal = (name: string) => name.replace(/_(TRACES|METRICS|LOGS)(?=_)/, '');

/** The examples of the guides belong to one business, so that a variable which one page declares is known to all. */
const declared = new Set(
  pages.flatMap((page) =>
    blocksOf(textOf(page)).flatMap(({ text }) =>
      [...text.matchAll(/^\+?\s*([A-Z][A-Z0-9_]+): (?:\{|address\()/gm)].map(([, name = '']) => name),
    ),
  ),
);
/** Words with an underscore in capitals, as variables are written. */
const variablesIn = (code: string): string[] => code.match(/(?<![\w$-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?!\w)/g) ?? [];

function isRead(name: string): boolean {
  if (name.startsWith('OTEL_')) return readByPackages.has(name) || readByPackages.has(withoutSignal(name));
  return words.has(name) || declared.has(name) || readElsewhere.test(name);
}

test.each(pages)('every variable that %s names is read or set by the code', (page) => {
  const named = codeOf(page).flatMap(variablesIn);
  // Deleting local/ or operator/ leaves the pages to the team that deletes it.
  expect(isWhole ? named.filter((name) => !isRead(name)) : []).toEqual([]);
});

test('every variable that a business declares is used by it beyond its declaration', () => {
  for (const { name, settings = {} } of businesses) {
    const code = globSync(`src/business/${name}/**/*.ts`, { cwd: root }).map(textOf).join('\n');
    for (const variable of Object.keys(settings))
      expect(code.match(new RegExp(`\\b${variable}\\b`, 'g'))?.length, variable).toBeGreaterThan(1);
  }
});

test('what looks like a key or a variable is found in code, and nothing else is', () => {
  expect(keysIn('set `slo.latencyMs`, not slo.json or a/slo.x nor slo.f()')).toEqual(['slo.latencyMs', 'slo.json']);
  expect(hasKey(schema, ['deployment', 'tokens'])).toBe(true);
  expect(hasKey(schema, ['deployment', 'tokns'])).toBe(false);
  expect(variablesIn('PORT=1 SERVICE_ROLES=api a_B_C')).toEqual(['SERVICE_ROLES']);
  expect(['SERVICE_NAME', 'OTEL_SDK_DISABLED', 'SERVICE_NAMES', 'OTEL_SDK_DISABLE'].map(isRead)).toEqual([
    ...[true, true],
    ...[false, false],
  ]);
});
