import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { codeLines, linesByLevel, linesOf, type ModuleLevel, sourcesOf } from '../tools/generate/lines-of-code.ts';
import { readSources } from '../tools/generate/sources.ts';

const root = resolve(import.meta.dirname, '..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

/** Lines of code that a level may add. They only go down. */
const ceilings: Readonly<Record<Exclude<ModuleLevel, 'opt-in'>, number>> = {
  1: 3_400,
  2: 1_100,
  3: 900,
  4: 150,
  5: 450,
};
/** Of each opt-in module: a team adds them one by one. */
const optInCeiling = 120;
const operatorCeiling = 2_600;

const { manifests } = await readSources();
const lines = linesByLevel(root, manifests);

test.each([...lines])('what level %s adds to src, %i lines, is within its ceiling', (level, added) => {
  expect(added).toBeGreaterThan(0);
  if (level !== 'opt-in') expect(added).toBeLessThanOrEqual(ceilings[level]);
});

test('each opt-in module is within the ceiling for one', () => {
  const optIn = manifests.filter(({ level }) => level === 'opt-in').map(({ name }) => name);
  const sizes = optIn.map((name) => ({ name, lines: linesOf(root, `src/observability/modules/${name}`) }));
  expect(sizes.filter(({ lines }) => lines === 0 || lines > optInCeiling)).toEqual([]);
});

test('every source of src is counted in one level, except those of the businesses', () => {
  const counted = [...lines.values()].reduce((sum, added) => sum + added);
  const businesses = sourcesOf(root, 'src').filter((path) => /^src\/business\/.+\//.test(path));
  const own = businesses.reduce((sum, path) => sum + codeLines(textOf(path)).length, 0);
  expect(counted + own).toBe(linesOf(root, 'src'));
});

test('blank lines and comments are no code', () => {
  expect(codeLines('/** Why.\n * More.\n */\nconst x = 1; // why\n\n  // why\n  x();\n')).toEqual([
    'const x = 1; // why',
    '  x();',
  ]);
});

test('the commands for people stay within theirs', () => {
  expect(linesOf(root, 'operator')).toBeLessThanOrEqual(operatorCeiling);
});

test('main.ts fits on a screen', () => {
  expect(textOf('src/main.ts').split('\n').length).toBeLessThanOrEqual(61);
});

/**
 * Where a function begins and how many lines of code it has with all that is inside it. The formatter puts its last line
 * as far to the right as its first. Biome's own rule counts a statement over several lines as one, so it sees less.
 */
function functionsOf(text: string): { first: string; lines: number }[] {
  const all = codeLines(text);
  return all.flatMap((first, from) => {
    if (!/(\)|=>|\): .+) \{$/.test(first) || /^ *(\} else|\} catch|if|for|while|switch)\b/.test(first)) return [];
    const last = `${first.match(/^ */)?.[0]}}`;
    const to = all.findIndex((line, index) => index > from && line.startsWith(last));
    return [{ first, lines: to - from + 1 }];
  });
}

test('no function has more than 60 lines, closures included', () => {
  const sources = [...sourcesOf(root, 'src'), ...sourcesOf(root, 'operator')];
  const functions = sources.flatMap((path) => functionsOf(textOf(path)).map((found) => ({ path, ...found })));
  expect(functions.length).toBeGreaterThan(50);
  expect(functions.filter((found) => found.lines > 60)).toEqual([]);
});

test('the lines of a function are those from its first to its last, with its closures and without comments', () => {
  const text =
    'export function f(): X<Y> {\n  // why\n\n  const g = (x) => {\n    if (x) {\n      y();\n    }\n  };\n}\n';
  expect(functionsOf(text)).toEqual([
    { first: 'export function f(): X<Y> {', lines: 7 },
    { first: '  const g = (x) => {', lines: 5 },
  ]);
});
