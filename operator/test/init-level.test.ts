import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CommandRefused } from '../command-refused.ts';
import { runInit } from '../init/run-init.ts';

const root = join(import.meta.dirname, '../..');

/** With a name that is refused itself, so that nothing is written where the refusal that is tested does not come. */
const init = (...args: string[]) => runInit(['requests', ...args], root);

async function answers(impact: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'answers '));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'answers.json');
  await writeFile(path, JSON.stringify({ failure: 'harmless', impact, evolution: 'stable', pain: 'none' }));
  return path;
}

test('a level whose modules are to be deleted is refused in one sentence, whether it is given or follows from answers', async () => {
  const before = await readFile(join(root, 'observability.json'), 'utf8');
  for (const args of [
    ['--level', '3'],
    ['--answers', await answers('compliance')],
  ]) {
    const refused = init('--up-to', '2', ...args);
    await expect(refused).rejects.toThrow(CommandRefused);
    await expect(refused).rejects.toThrow(
      /^--up-to 2 deletes what level [34] needs: raise the one or lower the other\.$/,
    );
  }
  expect(await readFile(join(root, 'observability.json'), 'utf8')).toBe(before);
});

test('a level that stays is no contradiction', async () => {
  await expect(init('--up-to', '3', '--level', '2')).rejects.toThrow(/^The code of a business calls something else/);
});

test('answers that cannot be read are refused before anything else', async () => {
  await expect(init('--answers', await answers('nobody'))).rejects.toThrow(/impact: found/);
  await expect(init('--answers', 'missing.json')).rejects.toThrow(/missing\.json/);
});
