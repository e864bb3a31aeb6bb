import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blocksOf, changed, commandsOf } from '../../../test/docs/code-blocks.ts';
import { root as checkout, hasSample } from '../removal/removal.fixture.ts';
import { apply } from './guide.ts';
import { newProject, typed, whileStarted } from './new-project.ts';

/** In the order in which they build on one another, each row on a fresh clone. */
const rows = [
  ['write-your-own-service', 'test-a-business', 'add-a-queue-or-topic', 'add-a-job', 'add-an-event', 'add-an-alert'],
  ['add-a-module'],
];
const stepOf = (name: string) => ({
  name,
  blocks: blocksOf(readFileSync(join(checkout, `docs/guides/${name}.md`), 'utf8')),
});

test.each(rows)(
  'what the guide %s says, and after it those that build on it, done on a fresh copy, leaves a service that checks and passes its tests',
  {
    timeout: 900_000,
    skip: !hasSample, // they begin on the template as it is cloned
  },
  async (...names) => {
    const root = await newProject();
    for (const { blocks } of names.map(stepOf)) {
      for (const block of blocks) {
        if (block.language === 'sh') for (const line of commandsOf(block)) await type(line);
        else await apply(root, block);
      }
    }

    async function type(line: string): Promise<void> {
      if (line === 'npm start') return; // the commands that need it have it
      if (needsStart(line)) await whileStarted(root, () => typed(root, line));
      else await typed(root, line);
    }
  },
);

const needsStart = (line: string) => /^npm (start|run (send|rows))/.test(line);

test('each guide begins with the action, and says what to change in which file', () => {
  for (const { name, blocks } of rows.flat().map(stepOf)) {
    expect(blocks.length, name).toBeGreaterThan(1);
    for (const { language, file } of blocks) expect(file === undefined, `${name}: ${language}`).toBe(language === 'sh');
  }
});

test('a change whose lines are not there, or twice, fails', () => {
  expect(changed('a\nb\n', ' a\n-b\n+c\n', 'x')).toBe('a\nc\n');
  expect(() => changed('a\nb\n', '-c\n+d\n', 'x')).toThrow('x holds once what the guide changes');
  expect(() => changed('a\na\n', '-a\n+d\n', 'x')).toThrow();
});
