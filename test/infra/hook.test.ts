import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { copyInfra, infra, root } from './bicep.ts';

const run = promisify(execFile);
const { hooks } = parse(await readFile(join(root, 'azure.yaml'), 'utf8')) as {
  hooks: Record<string, Record<'posix' | 'windows', { shell: string; run: string }>>;
};
const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

test('every hook has a POSIX and a PowerShell form, and the files that it runs exist', async () => {
  expect(Object.keys(hooks)).toEqual(['preprovision']);
  for (const { posix, windows } of Object.values(hooks)) {
    expect([posix.shell, windows.shell]).toEqual(['sh', 'pwsh']);
    for (const { run: command } of [posix, windows])
      for (const [file] of command.matchAll(/[\w./-]+\.(?:sh|ps1|ts|mjs)\b/g))
        expect((await stat(join(root, file))).isFile(), file).toBe(true);
  }
});

/** Runs the POSIX form in a project with an npm that only notes how it is called; resolves with its calls. */
async function preprovision({ installed, npmCi = 0 }: { installed: boolean; npmCi?: number }): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hook ü '));
  folders.push(folder);
  await writeFile(join(folder, 'npm'), `#!/bin/sh\necho "$1" >> calls\n[ "$1" != ci ] || exit ${npmCi}\n`);
  await chmod(join(folder, 'npm'), 0o755);
  if (installed) {
    await mkdir(join(folder, 'node_modules'));
    await writeFile(join(folder, 'node_modules', '.package-lock.json'), '{}');
  }
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const failed = await run('sh', ['-c', hooks.preprovision?.posix.run ?? ''], { cwd: folder, env }).then(
    () => [],
    ({ code }) => [`exit ${code}`],
  );
  return [...(await readFile(join(folder, 'calls'), 'utf8')).trimEnd().split('\n'), ...failed];
}

test('the hook installs the packages of a fresh clone, and leaves those that are there to what runs on them', async ({
  skip,
}) => {
  skip(process.platform === 'win32', 'there is no sh');
  expect(await preprovision({ installed: false })).toEqual(['ci', 'exec']);
  expect(await preprovision({ installed: true })).toEqual(['exec']);
  expect(await preprovision({ installed: false, npmCi: 1 })).toEqual(['ci', 'exit 1']);
});

test('the PowerShell form has the same condition and the same commands', () => {
  const { posix, windows } = hooks.preprovision ?? {};
  const last = posix?.run.trimEnd().split('\n').at(-1);
  expect(last).toMatch(/^npm exec /);
  expect(windows?.run.split('\n').slice(0, 3)).toEqual([
    'if (-not (Test-Path node_modules/.package-lock.json)) { npm ci; if ($LASTEXITCODE) { exit 1 } }',
    last,
    'exit $LASTEXITCODE',
  ]);
});

/** Runs what the hook runs, in the folder of the project as azd does. */
const checkConfig = (cwd: string, env: NodeJS.ProcessEnv) =>
  run(process.execPath, [join(root, 'tools', 'bicep', 'check-config.ts')], { cwd, env: { ...process.env, ...env } });

test('the hook before a provision refuses a file that the service would refuse and a missing variable, in one go', async () => {
  const project = await copyInfra({ 'observability.json': await readFile(join(root, 'observability.json'), 'utf8') });
  await expect(
    checkConfig(project, { OBSERVABILITY_LEVEL: '3', PARCELS_DEPOT_URL: 'https://depot' }),
  ).resolves.toMatchObject({ stdout: '', stderr: '' });
  const refused = await checkConfig(project, { OBSERVABILITY_LEVEL: '7', PARCELS_DEPOT_URL: '' }).catch(
    (error) => error,
  );
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('OBSERVABILITY_LEVEL: found 7');
  expect(refused.stderr).toContain('PARCELS_DEPOT_URL is not set: run "azd env set PARCELS_DEPOT_URL <value>"');
});

test('this project passes the hook with what its businesses require', async () => {
  const settings = JSON.parse(await readFile(join(infra, 'workload', 'business-settings.json'), 'utf8'));
  const required = Object.keys(settings).filter((name) => settings[name].required);
  const env = Object.fromEntries(required.map((name) => [name, 'given']));
  await expect(checkConfig(root, { OBSERVABILITY_LEVEL: '', ...env })).resolves.toMatchObject({ stderr: '' });
});
