import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { blocksOf, commandsOf } from '../../../test/docs/code-blocks.ts';
import { root as checkout, hasSample, run } from '../removal/removal.fixture.ts';
import { apply } from './guide.ts';
import { newProject, typed, whileStarted } from './new-project.ts';

const blocks = blocksOf(readFileSync(join(checkout, 'docs/guides/from-a-classic-app.md'), 'utf8'));

test('what the guide for classic apps says, done on a fresh copy, leaves a service that ships what the app tracks', {
  timeout: 600_000,
  skip: !hasSample, // it begins on the template as it is cloned
}, async () => {
  const root = await newProject();
  for (const block of blocks) {
    if (block.language !== 'sh') await apply(root, block);
    else await type(root, commandsOf(block));
  }
});

async function type(root: string, lines: readonly string[]): Promise<void> {
  const sends = lines.some((line) => line.startsWith('npm run send'));
  if (sends) await whileStarted(root, () => each(root, lines).then(() => expectEvents(root)));
  else await each(root, lines);
}

async function each(root: string, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const [command, ...files] = line.split(' ');
    if (command === 'rm') for (const file of files) await rm(join(root, file));
    else if (line !== 'npm start') await typed(root, line); // the commands that need it have it
  }
}

/** Each of the 20 requests has sent the event of the classic client once. The SDK sends what it has every few seconds. */
const expectEvents = (root: string) =>
  vi.waitFor(
    async () => {
      const { stdout } = await run(process.execPath, ['local/cli/rows.ts', 'AppEvents', '--json'], { cwd: root });
      const names = [...stdout.matchAll(/"Name":"([^"]+)"/g)].map(([, name]) => name);
      expect(names).toEqual(Array(20).fill('quote given'));
    },
    { timeout: 30_000, interval: 500 },
  );
