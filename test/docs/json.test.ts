import { expect, test } from 'vitest';
import { fileSchema } from '../../src/config/file-schema.ts';
import { readSources } from '../../tools/generate/sources.ts';
import { blocksOf } from './code-blocks.ts';
import { isWhole, pages, textOf } from './pages.ts';

const { manifests, levels } = await readSources();
const schema = fileSchema(manifests, levels);
const keys = Object.keys(schema.shape);

/** A block may show some keys of an object without its braces, or one object a line, as logs and commands print them. */
function objectsIn(text: string): object[] {
  if (/^\{.*\}\n./.test(text))
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return [JSON.parse(text.trimStart().startsWith('"') ? `{${text}}` : text)];
}

/** A line of a log may have a field with the name of a section; the section is an object. */
const isOfFile = (value: object) =>
  Object.entries(value).some(([name, inner]) => keys.includes(name) && typeof inner === 'object');

const blocks = pages.flatMap((page) => {
  const all = blocksOf(textOf(page));
  const own = all.flatMap(
    ({ file = '' }) => /^src\/observability\/modules\/([^/]+)\/manifest/.exec(file)?.slice(1) ?? [],
  );
  return all.flatMap(({ language, text }) => (language === 'json' ? [{ page, text, own }] : []));
});

test.each(blocks)('JSON of $page can be read, and observability.json takes what belongs there', ({ text, own }) => {
  for (const value of objectsIn(text).filter(isOfFile)) {
    const { issues = [] } = schema.safeParse({ level: 1, ...value }).error ?? {};
    const expected = issues.filter(({ path }) => path[0] === 'modules' && (own.length > 0 || !isWhole));
    // A module that the page itself writes is not there yet, and one that was deleted is there no longer.
    expect(issues).toEqual(expected);
  }
});

test('a key that the file does not have is noticed', () => {
  const [value = {}] = objectsIn('"deployment": { "publik": true }');
  expect(isOfFile(value)).toBe(true);
  const issues = schema.safeParse({ level: 1, ...value }).error?.issues;
  expect(issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['publik'] }]);
  expect(objectsIn('{ "logs": "x" }\n{ "a": 1 }\n').map(isOfFile)).toEqual([false, false]);
});
