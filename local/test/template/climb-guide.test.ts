import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blocksOf, commandsOf } from '../../../test/docs/code-blocks.ts';
import { root as checkout, hasSample, run } from '../removal/removal.fixture.ts';
import { apply } from './guide.ts';
import { init, newProject, typed, whileStarted } from './new-project.ts';

const blocks = blocksOf(readFileSync(join(checkout, 'docs/guides/climb-a-level.md'), 'utf8'));

interface Counts {
  accepted: number;
  delivered: number;
  deadLettered: number;
  lost: number;
}

/** What `npm run send` counts; it exits with 1 when it has waited in vain. */
async function send(root: string, ...args: string[]): Promise<Counts> {
  const started = run(process.execPath, ['local/cli/send.ts', '--sample', '20', ...args, '--json'], { cwd: root });
  const { stdout } = await started.catch((failed: { stdout: string }) => failed);
  return JSON.parse(stdout) as Counts;
}

const deadLetters = async (root: string) =>
  (await run(process.execPath, ['operator/dead-letters.ts', 'list', '--json'], { cwd: root })).stdout;

test('at level 1 an outage dead-letters everything, as the guide on climbing shows; at level 2 it dead-letters nothing', {
  timeout: 600_000,
  skip: !hasSample, // it begins on the template as it is cloned
}, async () => {
  const root = await newProject();
  await init(root, 'orders');
  const lines = blocks.filter(({ language }) => language === 'sh').flatMap(commandsOf);
  const sends = lines.filter((line) => line.startsWith('npm run send'));
  expect(sends).toEqual(['npm run send -- --sample 20']);

  await whileStarted(root, async () => {
    for (const line of lines.filter((each) => /^npm run (fault|send|dead-letters)/.test(each))) {
      if (!sends.includes(line)) await typed(root, line);
      else expect(await send(root)).toMatchObject({ accepted: 18, delivered: 0, deadLettered: 18, lost: 0 });
    }
    expect(await deadLetters(root)).toBe('');
  });

  for (const block of blocks.filter(({ language }) => language === 'diff')) await apply(root, block);
  await whileStarted(root, async () => {
    await typed(root, 'npm run fault -- destination down');
    expect(await send(root, '--timeout', '4')).toMatchObject({ accepted: 18, delivered: 0, deadLettered: 0, lost: 18 });
    await typed(root, 'npm run fault -- destination ok');
    expect(await send(root, '--seed', '2')).toMatchObject({ accepted: 18, delivered: 18 });
    expect(await deadLetters(root)).toBe('');
  });
});
