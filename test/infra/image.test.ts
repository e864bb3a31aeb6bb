import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { settingRows } from '../../src/config/settings.ts';
import type { DeployedSettings } from '../../tools/generate/business-settings-files.ts';
import { sourcesOf } from '../../tools/generate/lines-of-code.ts';
import { root } from './bicep.ts';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'image-'));
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const stages = (await readFile(join(root, 'Dockerfile'), 'utf8')).split(/^(?=FROM )/m).slice(1);
const final = stages.at(-1) ?? '';
const copied = (stage: string) =>
  [...stage.matchAll(/^COPY (--from=\w+ )?(.+) (\S+)$/gm)].map(([, from, sources = '', target = '']) => ({
    from: from?.slice('--from='.length).trim(),
    sources: sources.split(' '),
    target,
  }));
const command = JSON.parse(/^CMD (\[.*\])$/m.exec(final)?.[1] ?? '[]') as string[];

test('one image by digest, from the registry that sets no limit on builds, is under every stage, with the Node that the tests run on', async () => {
  const [base = '', ...others] = stages;
  const [, version] = /^FROM mcr\.microsoft\.com\/[\w/]+:([\d.]+)-\S+@sha256:[0-9a-f]{64} AS base\n/.exec(base) ?? [];
  const { optionalDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(version?.split('.')[0]).toBe(optionalDependencies.node.split('.')[0]);
  for (const stage of others) expect(stage).toMatch(/^FROM base( AS \w+)?\n/);
});

test('the image runs as a user that is a number and not root, and starts node itself', () => {
  // A name would have to exist in the image, and Kubernetes accepts only a number as proof of not being root.
  expect(/^USER (\S+)$/m.exec(final)?.[1]).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(final).toMatch(/^ENV NODE_ENV=production$/m);
  expect(command[0]).toBe('node');
  expect(final.replaceAll(/^#.*$/gm, '')).not.toContain('npm');
});

test('one port is the default: of the service, of the image and of the container apps', async () => {
  const { default: port } = settingRows.PORT;
  expect(final).toContain(`\nEXPOSE ${port}\n`);
  expect(await readFile(join(root, 'infra/workload/container-app.bicep'), 'utf8')).toContain(`\nvar port = ${port}\n`);
});

test('production gets production dependencies, without scripts of strangers', () => {
  const from = copied(final).find(({ sources }) => sources.includes('/app/node_modules'))?.from;
  const stage = stages.find((one) => one.startsWith(`FROM base AS ${from}\n`));
  expect(stage).toContain('RUN npm ci --omit=dev --omit=optional --ignore-scripts');
});

test('what the Dockerfile copies is what the context lets through, and nothing more', async () => {
  const ignore = (await readFile(join(root, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  expect(ignore[0]).toBe('*');
  const opened = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const files = opened.filter((path) => !ignore.includes(`${path}/*`));
  const needed = stages.flatMap(copied).flatMap(({ from, sources }) => (from === undefined ? sources : []));
  expect([...new Set(needed)].sort()).toEqual(files.sort());
});

test('every file of infra that the service reads is in the image', async () => {
  const sources = sourcesOf(root, 'src').map((path) => readFile(join(root, path), 'utf8'));
  const read = (await Promise.all(sources)).flatMap((text) => [...text.matchAll(/findInfraFile\('([^']+)'\)/g)]);
  const names = new Set(read.map(([, name]) => `infra/${name}`));
  expect(names).toContain('infra/queues.json');
  expect(copied(final).map(({ target }) => target)).toEqual(expect.arrayContaining([...names]));
});

/** An address where nobody listens, for each variable that a business requires. */
const settings = JSON.parse(
  await readFile(join(root, 'infra/workload/business-settings.json'), 'utf8'),
) as DeployedSettings;
const required = Object.fromEntries(
  Object.entries(settings).flatMap(([name, row]) => (row.required ? [[name, 'http://127.0.0.1:9']] : [])),
);

/** The image's folder without Docker: built and laid out as the Dockerfile says. */
const buildImage = async () => {
  const dist = join(folder, 'dist');
  await run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    join(root, 'tsconfig.build.json'),
    '--outDir',
    dist,
  ]);
  for (const { from, sources, target } of copied(final)) {
    if (from !== undefined) continue;
    for (const source of sources) {
      const to = target.endsWith('/') ? join(folder, target, source) : join(folder, target);
      await mkdir(dirname(to), { recursive: true });
      await cp(join(root, source), to, { recursive: true });
    }
  }
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean; link?: boolean }>;
  };
  for (const [path, { dev, optional, devOptional, link }] of Object.entries(lock.packages)) {
    if (!/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) || dev || optional || devOptional || link) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await symlink(join(root, path), join(folder, path), 'junction');
  }
};

test('what is in the image starts as the image starts it, answers, and ends when asked', {
  timeout: 60_000,
}, async () => {
  await buildImage();
  const [, ...args] = command;
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      // The packages are links: without this Node would look for their neighbours in the checkout, where more is installed.
      NODE_PRESERVE_SYMLINKS: '1',
      PORT: '0',
      LISTEN_HOST: '127.0.0.1',
      STATE_DIR: join(folder, 'state'),
      OBSERVABILITY_LEVEL: '4',
      APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
      SERVICEBUS_CONNECTION_STRING:
        'Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=k;SharedAccessKey=a2V5;UseDevelopmentEmulator=true',
      ...required,
    },
  });
  children.push(child);
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      const { message, port: found } = JSON.parse(line) as { message?: string; port?: number };
      if (message === 'listening' && found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said.join('\n')}`)));
  });
  const answer = await fetch(`http://127.0.0.1:${port}/health/live`);
  expect(answer.status).toBe(200);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code, said.join('\n')).toBe(0);
});
