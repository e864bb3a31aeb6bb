import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isWhole, pages, root, textOf } from './docs/pages.ts';
import { projectText } from './docs/project-text.ts';

/** The targets of the links of a page that are files here, with their anchors. */
const targetsOf = (page: string) =>
  [...textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?[^)]*\)/g)].map(
    ([, path = '', anchor]) => ({ path: path === '' ? page : join(dirname(page), path).replaceAll('\\', '/'), anchor }),
  );

/** As GitHub makes anchors of headings. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s+/g, '-'),
  );

test.each(pages)('every link of %s leads to a file and a heading that exist', (page) => {
  for (const { path, anchor } of targetsOf(page)) {
    // Deleting local/ leaves the README to the team that deletes it.
    if (path.startsWith('local/') && !existsSync(join(root, 'local'))) continue;
    expect(existsSync(join(root, path)), path).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(textOf(path)), `${path}#${anchor}`).toContain(anchor);
  }
});

test('every guide is one that the README or another page leads to', () => {
  const reached = new Set(
    pages.flatMap((page) => targetsOf(page).flatMap(({ path }) => (path === page ? [] : [path]))),
  );
  const alone = pages.filter((page) => page.startsWith('docs/guides/') && !reached.has(page));
  // With a part go the lines that link to what it took along.
  expect(isWhole ? alone : []).toEqual([]);
});

test('every page that the code names exists', () => {
  const named = new Set(projectText().match(/\bdocs\/[\w/-]+\.md\b/g));
  expect(named.size).toBeGreaterThan(5);
  expect(isWhole ? [...named].filter((path) => !existsSync(join(root, path))) : []).toEqual([]);
});

test('the README has the parts that the gallery of azd templates asks for', () => {
  const headings = [...textOf('README.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  for (const wanted of ['Features', 'Getting Started', 'Guidance', 'Resources', 'Important Security Notice']) {
    expect(headings).toContain(wanted);
  }
});

const changelog = 'CHANGELOG.md';

test('the changelog begins with what is not released, and has versions with dates and the six kinds of changes alone', () => {
  if (!pages.includes(changelog)) return; // a project of its own begins without that of the template
  const headings = textOf(changelog).match(/^##.+$/gm) ?? [];
  expect(headings[0]).toBe('## [Unreleased]');
  const form = /^## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$|^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/;
  expect(headings.slice(1).filter((heading) => !form.test(heading))).toEqual([]);
  expect(headings.length).toBeGreaterThan(1);
});

const read = (globs: string[]) => {
  const paths = globSync(globs, { cwd: root }).filter((path) => !path.endsWith('glossary.md'));
  return paths.map(textOf).join('\n');
};
const words = [...textOf('docs/glossary.md').matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, word]) => word ?? '');

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
