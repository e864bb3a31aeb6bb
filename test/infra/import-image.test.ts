import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './bicep.ts';

const run = promisify(execFile);
const { services } = parse(await readFile(join(root, 'azure.yaml'), 'utf8')) as {
  services: Record<string, { hooks: { postpublish: Record<'posix' | 'windows', { run: string }> } }>;
};
const hook = services.app?.hooks.postpublish;

/** A folder with a command that notes how it is called and ends with `code`. */
async function withCommand(name: string, code = 0) {
  const folder = await mkdtemp(join(tmpdir(), 'import ü '));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, name), `#!/bin/sh\necho "$PWD: $*" >> '${join(folder, 'calls')}'\nexit ${code}\n`);
  await chmod(join(folder, name), 0o755);
  const calls = () => readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  return { folder, calls, env: { PATH: `${folder}:${process.env.PATH}` } };
}

test('the hook after a push does nothing in one region, and else runs the import in the folder of the project', async ({
  skip,
}) => {
  skip(process.platform === 'win32', 'there is no sh');
  const { folder, calls, env } = await withCommand('npm');
  const publish = (more: object) =>
    run('sh', ['-c', hook?.posix.run ?? ''], { cwd: join(folder, 'src'), env: { ...env, ...more } });
  await publish({});
  await publish({ AZURE_SECOND_REGISTRY: '' });
  expect(await calls()).toBe('');
  await publish({ AZURE_SECOND_REGISTRY: 'cr2' });
  expect(await calls()).toContain(`${folder}: exec --offline`);
  expect(await calls()).toContain('tools/import-image.ts');
});

test('both forms of the hook run the same command, and its failure stops the deployment', async ({ skip }) => {
  const command = /npm exec [^\n]*import-image\.ts"/;
  expect(command.exec(hook?.windows.run ?? '')?.[0]).toBe(command.exec(hook?.posix.run ?? '')?.[0]);
  skip(process.platform === 'win32', 'there is no sh');
  const { folder, env } = await withCommand('npm', 3);
  const failing = run('sh', ['-c', hook?.posix.run ?? ''], {
    cwd: join(folder, 'src'),
    env: { ...env, AZURE_SECOND_REGISTRY: 'cr2' },
  });
  await expect(failing).rejects.toMatchObject({ code: 3 });
});

const importImage = (env: NodeJS.ProcessEnv) =>
  run(process.execPath, [join(root, 'tools', 'import-image.ts')], { env: { ...process.env, ...env } });

test('the image goes into the other registry under its own name and tag', async ({ skip }) => {
  skip(process.platform === 'win32', 'there is no sh');
  const { calls, env } = await withCommand('az');
  await importImage({ ...env, AZURE_SECOND_REGISTRY: 'cr2', SERVICE_APP_IMAGE_NAME: 'cr1.azurecr.io/starter/app:7' });
  expect(await calls()).toContain(
    'acr import --name cr2 --source cr1.azurecr.io/starter/app:7 --image starter/app:7 --force',
  );
});

test('without the values of azd the import says what is missing', async () => {
  const failed = await importImage({ AZURE_SECOND_REGISTRY: '', SERVICE_APP_IMAGE_NAME: '' }).catch((error) => error);
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('AZURE_SECOND_REGISTRY') });
});
