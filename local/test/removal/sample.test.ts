import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectToPass, hasSample, portOf, rooms, root, run, runTests, withoutSample } from './removal.fixture.ts';

test('the sample is there with all its rooms, or gone with all of them', () => {
  expect(rooms.map((room) => existsSync(join(root, room)))).toEqual(rooms.map(() => hasSample));
});

/** A team that has deleted it has nothing left to delete. */
const describeSample = hasSample ? describe : () => {};

describeSample('without the sample', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await withoutSample();
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('what is generated can be generated, types, lint and format hold', { timeout: 600_000 }, async () => {
    await expectToPass(folder, 'npm', ['run', 'generate']);
    await expectToPass(folder, 'npm', ['run', 'generate', '--', '--check']);
    await expectToPass(folder, 'npm', ['run', 'check']);
  });

  test('all other tests pass', { timeout: 900_000 }, () => runTests(folder));

  test('the service starts with no business at all, and listens', async () => {
    const args = ['--import', './src/preload.ts', 'src/main.ts'];
    const env = { PATH: process.env.PATH, PORT: '0', LISTEN_HOST: '127.0.0.1' };
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env });
    try {
      const answer = await fetch(`http://127.0.0.1:${await portOf(child.stdout)}/health/live`);
      expect(answer.status).toBe(200);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  test('npm run send says in one sentence what to write', async () => {
    const args = ['local/cli/send.ts', '--sample', '3'];
    await expect(run(process.execPath, args, { cwd: folder })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^No business says what to send: list one in local\/business\/index\.ts.*\n$/),
    });
  });
});
