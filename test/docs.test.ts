import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const pages = [
  'README.md',
  ...globSync(['docs/**/*.md', 'local/**/README.md'], { cwd: root, exclude: ['**/node_modules/**'] }),
];
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts as Record<string, string>;

test.each(pages)('every link of %s leads to a file that exists', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, target]) => target ?? '');
  const gone = targets.filter((target) => !existsSync(join(root, dirname(page), target)));
  // Deleting local/ leaves the README to whoever deletes it.
  expect(existsSync(join(root, 'local')) ? gone : gone.filter((target) => !target.startsWith('local/'))).toEqual([]);
});

test.each(pages)('every npm command of %s exists', (page) => {
  const named = [...readFileSync(join(root, page), 'utf8').matchAll(/npm run ([a-z][a-z-]*)/g)].map(
    ([, name]) => name ?? '',
  );
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('the README has the parts that the gallery of azd templates asks for', () => {
  const headings = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^## (.+)$/gm)].map(
    ([, heading]) => heading,
  );
  for (const wanted of ['Features', 'Getting Started', 'Guidance', 'Resources', 'Important Security Notice']) {
    expect(headings).toContain(wanted);
  }
});

const read = (globs: string[]) => {
  const paths = globSync(globs, { cwd: root }).filter((path) => !path.endsWith('glossary.md'));
  return paths.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
};
const words = [...readFileSync(join(root, 'docs/glossary.md'), 'utf8').matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(
  ([, word]) => word ?? '',
);

test('every word of the glossary is used in src or in docs, and stands there once', () => {
  const used = read(['src/**/*.ts', 'docs/**/*.md']);
  // `original id` is also `original-id` and `originalId`.
  const unused = words.filter((word) => !new RegExp(`\\b${word.replaceAll(' ', '[- ]?')}`, 'i').test(used));
  expect(words.length).toBeGreaterThan(20);
  // Deleting a module that the words are about leaves the glossary to the team.
  const whole = ['correlation', 'dead-letters'].every((name) => existsSync(join(root, `docs/modules/${name}.md`)));
  expect(whole ? unused : []).toEqual([]);
  expect(words).toEqual([...new Set(words)]);
});
