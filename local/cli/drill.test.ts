import { expect, test } from 'vitest';
import { levels } from '../../src/observability/levels.ts';
import { drills } from '../drills/catalogue/index.ts';
import { drill } from './drill.ts';
import { runInProcess } from './run-command.fixture.ts';

test('the list names every drill with its levels and its question', async () => {
  const { code, stdout } = await runInProcess(drill, ['list']);
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(drills.length);
  for (const { name, question } of drills)
    expect(stdout).toMatch(new RegExp(`^ +${name} +levels [\\d, ]+${question.replaceAll(/[?,"]/g, '.')}$`, 'm'));
});

test.each([
  ['no drill', [], 'Say which drill: "npm run drill -- list" names them, "all" runs all.'],
  ['an unknown drill', ['flood'], 'There is no drill flood: "npm run drill -- list" names those that exist.'],
  [
    'a level that does not exist',
    ['calm', '--levels', '1,9'],
    `--levels takes levels from 1 to ${Object.keys(levels).at(-1)} `,
  ],
  ['an unknown option', ['calm', '--fast'], "Unknown option '--fast'"],
])('%s is wrong usage, and nothing starts', async (_what, args, sentence) => {
  const { code, stdout, stderr } = await runInProcess(drill, args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});

test('--help answers with nothing running', async () => {
  const { code, stdout } = await runInProcess(drill, ['--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^npm run drill -- <names>\|all\|list /);
});
