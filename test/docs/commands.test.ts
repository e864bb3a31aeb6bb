import { existsSync, globSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { blocksOf, commandsOf } from './code-blocks.ts';
import { isWhole, pages, root, textOf } from './pages.ts';

const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

/** Commands that a machine has, or that a page tells its reader to install. */
const ofMachine = ['az', 'azd', 'curl', 'docker', 'git', 'node', 'npm', 'rm'];
/** What npm itself does. */
const ofNpm = ['ci', 'exec', 'install', 'ls', 'pkg', 'run', 'start', 'test'];

/** The commands that a page tells its reader to type, each by itself and without the variables in front of it. */
function typedIn(page: string): string[] {
  const lines = blocksOf(textOf(page)).flatMap((block) => {
    if (block.language === 'sh') return commandsOf(block);
    return block.language === 'console'
      ? commandsOf(block).flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []))
      : [];
  });
  return lines
    .flatMap((line) => line.split(/ (?:&&|\|) /))
    .map((line) => line.replace(/^(?:\w+=(?:\$\(|"[^"]*" |\S+ ))+/, '').trim());
}

test.each(pages)('every command of a block of %s is one that exists', (page) => {
  const unknown = typedIn(page).filter((line) => !ofMachine.includes(line.split(' ')[0] ?? ''));
  expect(unknown).toEqual([]);
});

test.each(pages)('every file that a command of %s starts exists', (page) => {
  const files = typedIn(page).flatMap((line) => line.match(/(?<=\bnode .*)[\w./-]+\.m?ts\b/g) ?? []);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

/** `npm …` in the text of a page, also in the middle of a sentence: what npm is told, the script, and what it is given. */
const npmIn = (text: string) =>
  [...text.matchAll(/\bnpm ([a-z]+)(?: --silent)?(?: ([a-z][a-z:-]*))?(?: -- ([^`\n]*))?/g)].map(
    ([, does = '', named = '', given = '']) => ({ does, script: does === 'run' ? named : does, given }),
  );

test.each(pages)('every npm command of %s exists', (page) => {
  const named = npmIn(textOf(page)).filter(({ does }) => does === 'run');
  expect(named.filter(({ script }) => !(script in scripts)).map(({ script }) => script)).toEqual([]);
  const typed = typedIn(page).flatMap((line) => npmIn(line).map(({ does }) => does));
  expect(typed.filter((does) => !ofNpm.includes(does))).toEqual([]);
});

const fileOf = (script: string) => /(\S+\.ts)/.exec(scripts[script] ?? '')?.[1];

/** The text of a command with that of the files of its folder which it imports: its help is in one of them. */
function textOfCommand(file: string, seen = new Set<string>()): string {
  if (seen.has(file) || !existsSync(join(root, file))) return '';
  seen.add(file);
  const text = textOf(file);
  const imported = [...text.matchAll(/'(\.[^']+\.ts)'/g)].map(([, path = '']) => posix.join(dirname(file), path));
  const inFolder = imported.filter((path) => path.split('/')[0] === file.split('/')[0]);
  return [text, ...inFolder.map((path) => textOfCommand(path, seen))].join('\n');
}

/** The options that a page gives commands of ours. Vitest's own commands have Vitest's own options. */
function optionsIn(page: string): { option: string; script: string; file: string }[] {
  return npmIn(textOf(page)).flatMap(({ script, given }) => {
    const file = fileOf(script);
    if (file === undefined || !existsSync(join(root, file))) return [];
    const options = [...given.matchAll(/(?<=^| )--[a-z][a-z-]*/g)].map(([option]) => option);
    return options.filter((option) => option !== '--help').map((option) => ({ option, script, file }));
  });
}

/** The commands of `operator/` have their help in a file. */
const helpFileOf = (script: string): string => {
  const path = `operator/help/${script}.txt`;
  return existsSync(join(root, path)) ? textOf(path) : '';
};

/** A decision may name an option that was decided against. */
const ofToday = pages.filter((page) => !page.startsWith('docs/decisions/'));

test.each(ofToday)('every option that %s gives a command of ours is one that its help explains', (page) => {
  const wrong = optionsIn(page).filter(
    ({ option, script, file }) => !new RegExp(`${option}(?![a-z-])`).test(helpFileOf(script) + textOfCommand(file)),
  );
  expect(wrong.map(({ option, script }) => `npm run ${script} -- ${option}`)).toEqual([]);
});

test('options are found in the pages, and looked for in the help of their command', () => {
  // Without local/ and operator/ few commands are left.
  if (isWhole)
    expect(new Set(ofToday.flatMap((page) => optionsIn(page).map(({ script }) => script))).size).toBeGreaterThan(4);
  const text = textOfCommand('tools/generate.ts');
  expect(text).toContain('--check   writes nothing');
  expect(text).not.toContain('--environment');
});

test('what npm is given is read from a sentence and from a block', () => {
  expect(
    npmIn('run `npm run rows -- AppRequests --last 5` and `npm start`, then npm run --silent dead-letters'),
  ).toEqual([
    { does: 'run', script: 'rows', given: 'AppRequests --last 5' },
    { does: 'start', script: 'start', given: '' },
    { does: 'run', script: 'dead-letters', given: '' },
  ]);
});

test('every test that a page tells to run is there', () => {
  const tests = globSync(['{test,operator,local}/**/*.test.ts'], { cwd: root, exclude: ['**/node_modules/**'] });
  const missing = pages.flatMap((page) =>
    npmIn(textOf(page))
      .filter(({ script }) => script.startsWith('test'))
      .flatMap(({ given }) => given.match(/^local\/[\w./-]+/) ?? [])
      .filter((path) => !tests.some((found) => found.replaceAll('\\', '/').startsWith(path)))
      .map((path) => `${page}: ${path}`),
  );
  expect(existsSync(join(root, 'local/test/template')) ? missing : []).toEqual([]);
});
