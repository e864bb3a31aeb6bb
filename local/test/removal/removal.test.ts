import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import entities from '../../../test/fixture-business/queues.json' with { type: 'json' };
import { startDestination } from '../../destination/index.ts';
import { startServiceBus } from '../../service-bus/index.ts';
import { copyWithout, edit, expectToPass, runTests, withoutLines } from './copy-without.ts';

const run = promisify(execFile);

/** Each takes half a minute: `npm test` deletes everything at once, and `REMOVAL=all` each by itself too. */
const describeEach = process.env.REMOVAL === 'all' ? describe : () => {};

describeEach('without local/', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await copyWithout('local');
  });
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

/** As a team would have written it: the business of the tests in `src/business`, and its queues. */
async function replaceBusiness(folder: string): Promise<void> {
  const own = join(folder, 'src/business/parcels');
  await cp(join(folder, 'test/fixture-business'), own, {
    recursive: true,
    filter: (source) => !source.endsWith('preload.ts'),
  });
  for (const file of ['index.ts', 'parcel.ts', 'parcels.ts']) {
    const path = join(own, file);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll("'../../src/", "'../../"));
  }
  await edit(folder, 'src/business/index.ts', () => "export { businesses } from './parcels/index.ts';\n");
  await edit(folder, 'infra/queues.json', () => JSON.stringify(entities));
}

/** The service says where it listens: without a connection string every line goes to standard output. */
function portOf(output: NodeJS.ReadableStream): Promise<number> {
  let text = '';
  return new Promise((found, failed) => {
    output.on('data', (chunk) => {
      text += chunk;
      const line = text.split('\n').find((candidate) => candidate.includes('"message":"listening"'));
      if (line) found((JSON.parse(line) as { port: number }).port);
    });
    output.on('end', () => failed(new Error(`The service ended: ${text}`)));
  });
}

describeEach('without operator/', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await copyWithout('operator');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('npm resolves the project, types, lint, format and build hold, so no source and no test that is left needs it', async () => {
    await expectToPass(folder, 'npm', ['install', '--package-lock-only', '--offline', '--ignore-scripts']);
    await expectToPass(folder, 'npm', ['run', 'check']);
    await expectToPass(folder, 'npm', ['run', 'build']);
  });

  test('the tests of the docs, of the defects and of what npm start publishes pass, and those of the commands are gone', async () => {
    await runTests(folder, 'test/docs', 'test/tools', 'test/size-of-src', 'local/run-file', 'local/test/operator');
  });
});

/** Where the sample lives; beside them it has a line in two lists, and its queue. */
const rooms = ['src/business/file-router', 'test/business/file-router', 'local/business/file-router'];

async function withoutSample(...paths: string[]): Promise<string> {
  const folder = await copyWithout(...rooms, ...paths);
  await edit(folder, 'src/business/index.ts', withoutLines("from './file-router"));
  await edit(folder, 'src/business/index.ts', (text) => text.replace('createFileRouter()', ''));
  await edit(folder, 'infra/queues.json', () => '{ "queues": {}, "topics": {} }\n');
  if (paths.includes('local')) return folder;
  await edit(folder, 'local/business/index.ts', withoutLines("from './file-router"));
  await edit(folder, 'local/business/index.ts', (text) => text.replace('[fileRouter]', '[]'));
  return folder;
}

describe('without the sample alone', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await withoutSample();
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('what is generated can be generated, types, lint and format hold, and the tests that look at businesses pass', {
    timeout: 180_000,
  }, async () => {
    await expectToPass(folder, 'npm', ['run', 'generate']);
    await expectToPass(folder, 'npm', ['run', 'generate', '--', '--check']);
    await expectToPass(folder, 'npm', ['run', 'check']);
    await runTests(
      folder,
      'test/business',
      'test/docs',
      'test/sample-words',
      'test/tools',
      'test/config',
      'local/cli/send',
    );
  });

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

describeEach('without the sample, all tests', () => {
  test('pass', { timeout: 600_000 }, async () => {
    const folder = await withoutSample();
    try {
      await expectToPass(folder, 'npm', ['run', 'generate']);
      await runTests(folder, '--exclude=local/test/removal/**');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test('without local/, operator/, the sample and every module above level 1, the rest checks and its tests pass', async () => {
  const above = ['correlation', 'dead-letters', 'custom-events', 'dashboards', 'alert-rules', 'bearer-tokens'];
  const folder = await withoutSample(
    'local',
    'operator',
    'docs/guides/dead-letters.md',
    ...above.flatMap((name) => [
      `src/observability/modules/${name}`,
      `test/observability/modules/${name}`,
      `test/observability/modules/${name}.test.ts`,
      `docs/modules/${name}.md`,
    ]),
  );
  try {
    // A section goes with the module that reads it.
    await edit(folder, 'observability.json', (text) => {
      const { correlation, retry, ...rest } = JSON.parse(text);
      return `${JSON.stringify(rest, null, 2)}\n`;
    });
    for (const name of above) await edit(folder, 'src/observability/registry.ts', withoutLines(`modules/${name}/`));
    await expectToPass(folder, 'npm', ['run', 'generate']);
    await expectToPass(folder, 'npm', ['run', 'check']);
    await runTests(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
