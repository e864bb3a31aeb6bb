import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findCompiler, isAtLeast, knownPlaces, OLDEST_COMPILER } from '../../tools/bicep/find-compiler.ts';
import { infra, testWithCompiler } from './bicep.ts';

const folder = await mkdtemp(join(tmpdir(), 'compiler-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Something that calls itself Bicep. */
const pretend = async (name: string, version: string) => {
  const path = join(folder, name, 'bicep');
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "Bicep CLI version ${version} (abc)"\n`);
  await chmod(path, 0o755);
  return path;
};
const nowhere = { packages: join(folder, 'none'), notes: join(folder, 'notes') };

test('a compiler is looked for where people and tools keep it: BICEP first, then PATH, then az, then azd', () => {
  const env = {
    BICEP: '/own/bicep',
    PATH: '/usr/bin',
    AZURE_CONFIG_DIR: '/az',
    AZD_CONFIG_DIR: '/azd',
    AZD_BICEP_TOOL_PATH: '/tool/bicep',
  };
  expect(knownPlaces({ env, home: '/home', platform: 'linux' })).toEqual([
    '/own/bicep',
    join('/usr/bin', 'bicep'),
    join('/az', 'bin', 'bicep'),
    '/tool/bicep',
    join('/azd', 'bin', 'bicep'),
  ]);
});

test.skipIf(process.platform === 'win32')(
  'a compiler that is too old is passed over and named in the reason',
  async () => {
    const old = await pretend('old', '0.30.1');
    const recent = await pretend('recent', '0.47.0');
    const home = folder;
    expect(
      await findCompiler({ env: { BICEP: old, PATH: join(folder, 'recent') }, home, folder: nowhere, restore: false }),
    ).toEqual({
      path: recent,
      version: '0.47.0',
    });
    const none = await findCompiler({ env: { BICEP: old, PATH: '' }, home, folder: nowhere, restore: false });
    expect(none).toMatchObject({ path: undefined, reason: expect.stringContaining(`${old} (0.30.1)`) });
  },
);

test('without a compiler and without the .NET SDK the reason says what to install', async () => {
  const none = await findCompiler({ env: { PATH: folder }, home: folder, folder: nowhere });
  expect(none).toMatchObject({
    path: undefined,
    reason: expect.stringMatching(/the \.NET SDK is not installed.*Install Bicep/),
  });
});

test('versions are compared as numbers', () => {
  expect(isAtLeast('0.100.0', OLDEST_COMPILER)).toBe(true);
  expect(isAtLeast('0.9.9', OLDEST_COMPILER)).toBe(false);
});

testWithCompiler(
  'a question about a file that is missing is refused, and the next one is answered',
  async (compiler) => {
    await expect(compiler.format(join(infra, 'missing.bicep'))).rejects.toThrow(/missing\.bicep/);
    expect(await compiler.format(join(infra, 'names.bicep'))).toContain('namesFor');
  },
);
