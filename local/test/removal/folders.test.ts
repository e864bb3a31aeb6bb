import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import entities from '../../../test/fixture-business/queues.json' with { type: 'json' };
import { startDestination } from '../../destination/index.ts';
import { startServiceBus } from '../../service-bus/index.ts';
import { copyWithout, expectToPass, portOf, replaceBusiness, runTests } from './removal.fixture.ts';

describe('without local/', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await copyWithout();
    await expectToPass(folder, 'npm', ['run', 'delete', '--', 'local']);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('npm resolves the project, and what only local/ needed is gone from the lock', async () => {
    await expectToPass(folder, 'npm', ['install', '--package-lock-only', '--offline', '--ignore-scripts']);
    expect(await readFile(join(folder, 'package-lock.json'), 'utf8')).not.toContain('cli-progress');
  });

  test('types hold, so no test that is left needs local/, and so do lint, format and build', async () => {
    await expectToPass(folder, 'npm', ['run', 'check']);
    await expectToPass(folder, 'npm', ['run', 'build']);
  });

  test('the commands for people are still there: their tests pass', async () => {
    await runTests(folder, 'operator');
  });

  test('a business of a team takes the place of the sample', async () => {
    await replaceBusiness(folder);
    await expectToPass(folder, 'npm', ['run', 'build']);
  });

  test.each([
    ['from source', ['--import', './src/preload.ts', 'src/main.ts']],
    ['as it was built', ['--import', './dist/preload.js', 'dist/main.js']],
  ])('it runs %s, and a request reaches its destination', async (_, args) => {
    const bus = await startServiceBus({ entities });
    const destination = await startDestination({ destinations: { north: {}, billing: {}, tracking: {} } });
    const child = spawn(process.execPath, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        LISTEN_HOST: '127.0.0.1',
        SERVICEBUS_CONNECTION_STRING: bus.connectionString,
        PARCELS_DEPOT_URL: destination.url,
      },
    });
    try {
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'removal' };
      const answer = await fetch(`http://127.0.0.1:${await portOf(child.stdout)}/parcels`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ depot: 'north', content: 'x' }),
      });
      expect(answer.status).toBe(202);
      await expect.poll(() => destination.ledger.entries()[0]?.destination, { timeout: 10_000 }).toBe('north');
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await Promise.all([bus.stop(), destination.stop()]);
    }
  });
});

describe('without operator/', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await copyWithout();
    await expectToPass(folder, 'npm', ['run', 'delete', '--', 'operator']);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('npm resolves the project, types, lint, format and build hold, so no source and no test that is left needs it', {
    timeout: 240_000,
  }, async () => {
    await expectToPass(folder, 'npm', ['install', '--package-lock-only', '--offline', '--ignore-scripts']);
    await expectToPass(folder, 'npm', ['run', 'check']);
    await expectToPass(folder, 'npm', ['run', 'build']);
  });

  test('the tests of the docs, of the defects and of what npm start publishes pass, and those of the commands are gone', {
    timeout: 240_000,
  }, async () => {
    await runTests(folder, 'test/docs', 'test/tools', 'test/size-of-src', 'local/run-file', 'local/test/operator');
  });
});
