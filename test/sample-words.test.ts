import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Where the sample lives. Who deletes these folders and this page, their two lines and its queue has deleted the sample. */
const rooms = [
  'src/business/file-router/',
  'test/business/file-router/',
  'local/business/file-router/',
  'docs/business/file-router.md',
];

/** What only the sample is called; of its destinations only the quoted names and paths, because the words are everybody's. */
const words =
  /file.?router|x-file-name|routing.?rules?|(?<![/])[/]files\b|['"`/](documents|images|archive)['"`]|'file-(id|name)'|\bfileId\b/i;

/** Who may say them outside the rooms, and why. A path ends in "/" for a folder. */
const allowed: Readonly<Record<string, string>> = {
  'test/sample-words.test.ts': 'these words',
  'src/business/index.ts': 'the line of the sample in the list of the service',
  'local/business/index.ts': 'the line of the sample in the list of npm start',
  'infra/workload/business-settings.json': 'generated from the settings of the businesses',
  'infra/workload/example-request.json': 'generated from the first request of local/business',
  'docs/architecture.md': 'generated from the businesses',
  'docs/signals.md': 'generated from the events of the businesses',
  'infra/app.json': 'compiled from what is generated',
  'docs/guides/dead-letters.md': 'the output of a real run, with the sample',
  '.template.json': 'the files of the template that a project was made of',
  'local/test/removal/': 'deletes the sample',
  'operator/init/sample.ts': 'what npm run init removes',
};

/** Parts between these marks are written from the businesses by `npm run generate`, and follow them. */
const generated = /Written by "npm run generate" from the settings of the businesses[\s\S]*?End of what is generated/g;

const ignored = new Set(['node_modules', 'dist', '.git', '.local', '.state', '.bicep']);
const sources = globSync(['**/*', '**/.*', '.github/**/*'], {
  cwd: root,
  withFileTypes: true,
  exclude: ({ name }) => ignored.has(name),
})
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll('\\', '/'));

const isIn = (path: string, places: readonly string[]) =>
  places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));

function placesOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8').replaceAll(generated, (part) => part.replaceAll(/[^\n]/g, ' '));
  return text.split('\n').flatMap((line, index) => (words.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
}

test('nothing outside the rooms of the sample knows it', () => {
  const strangers = sources.filter((path) => !isIn(path, [...rooms, ...Object.keys(allowed)]));
  expect(strangers.length).toBeGreaterThan(100);
  expect(strangers.flatMap(placesOf)).toEqual([]);
});

test('every exception is still needed', () => {
  const there = Object.keys(allowed).filter((place) => existsSync(join(root, place)));
  const idle = there.filter((place) => !sources.some((path) => isIn(path, [place]) && placesOf(path).length > 0));
  // Without the sample nothing of it is left to excuse.
  expect(existsSync(join(root, 'src/business/file-router')) ? idle : []).toEqual([]);
});
