import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listFiles } from './file-list.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'list ü '));
  await mkdir(join(folder, 'in', 'deep er'), { recursive: true });
  await mkdir(join(folder, 'out'));
  await writeFile(join(folder, 'in', 'a.txt'), 'a');
  await writeFile(join(folder, 'in', 'deep er', 'ख.txt'), 'b');
  await writeFile(join(folder, 'in', '.hidden'), '');
  await writeFile(join(folder, 'out', 'secret.txt'), 's');
});
afterAll(() => rm(folder, { recursive: true }));

const list = async (...names: string[]) => {
  const { files, unreadable } = await listFiles(names.map((name) => join(folder, name)));
  return { files: files.map((path) => relative(folder, path)).sort(), unreadable };
};

test('a folder gives every file below it, hidden and empty ones too', async () => {
  const files = [join('in', '.hidden'), join('in', 'a.txt'), join('in', 'deep er', 'ख.txt')];
  expect(await list('in')).toEqual({ files, unreadable: [] });
});

test('a file that is named twice is one file', async () => {
  expect((await list('in/a.txt', 'in/a.txt', 'in')).files).toHaveLength(3);
});

test('links inside a folder are not followed, one that is named is', async ({ skip }) => {
  skip(process.platform === 'win32', 'links need rights on Windows');
  await symlink(join(folder, 'out'), join(folder, 'in', 'way out'));
  await symlink(join(folder, 'out', 'secret.txt'), join(folder, 'in', 'link.txt'));
  await symlink(join(folder, 'in'), join(folder, 'in', 'circle'));
  expect((await list('in')).files).toHaveLength(3);
  expect((await list('in/link.txt', 'in/way out')).files).toEqual([
    join('in', 'link.txt'),
    join('in', 'way out', 'secret.txt'),
  ]);
});

test('a link to nothing is unreadable and named', async ({ skip }) => {
  skip(process.platform === 'win32', 'links need rights on Windows');
  await symlink(join(folder, 'nothing'), join(folder, 'dangling'));
  const { unreadable } = await list('dangling');
  expect(unreadable).toEqual([{ path: join(folder, 'dangling'), reason: 'it cannot be opened' }]);
});

test('a path that does not exist is wrong usage', async () => {
  await expect(list('nowhere')).rejects.toThrow(/nowhere" does not exist/);
});
