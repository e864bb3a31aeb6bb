import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { compareTemplate } from '../../tools/upgrade/compare-template.ts';
import { fileHashes } from '../../tools/upgrade/file-hashes.ts';
import { readTemplate, writeTemplateManifest } from '../../tools/upgrade/template-manifest.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const packageOf = (name: string, version: string) => ({
  'package.json': JSON.stringify({ name, version, type: 'module' }),
});

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'upgrade é '));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await write(folder, files);
  return folder;
}

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** A project with the command, made of a template with `files` by an init that then wrote `edited`. */
async function projectOf(files: Record<string, string>, edited: Record<string, string> = {}): Promise<string> {
  const project = await folderWith({ ...packageOf('starter', '1.0.0'), ...files });
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
  for (const path of ['upgrade.ts', 'upgrade'])
    await cp(join(root, 'tools', path), join(project, 'tools', path), { recursive: true });
  const template = readTemplate(project);
  await write(project, { ...packageOf('orders', '1.0.0'), ...edited });
  if (template) writeTemplateManifest(project, template);
  return project;
}

/** The next version: the template as it was, with `changed`. */
async function nextOf(files: Record<string, string>, changed: Record<string, string>): Promise<string> {
  const next = await folderWith({ ...files, ...changed, ...packageOf('starter', '1.1.0') });
  await cp(join(root, 'tools/upgrade.ts'), join(next, 'tools/upgrade.ts'));
  await cp(join(root, 'tools/upgrade'), join(next, 'tools/upgrade'), { recursive: true });
  return next;
}

const upgrade = (project: string, ...args: string[]) =>
  run(process.execPath, ['tools/upgrade.ts', ...args], { cwd: project }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), stdout: String(stdout), stderr: String(stderr) }),
  );

test('each file has one fate, by who changed it since the project was made', () => {
  const files = { same: '1', mine: '1', theirs: '1', ours: '1', gone: '1', lost: '1', 'a/deleted': '1', edited: '1' };
  const fates = compareTemplate(
    { name: 't', version: '1', files, init: { edited: '1i' } },
    { same: '1', mine: '2', theirs: '1', ours: '2', gone: '1', edited: '1i', both: 'x' },
    { same: '1', mine: '1', theirs: '2', ours: '3', lost: '1', 'a/deleted': '2', edited: '2', added: '1', both: 'y' },
  );
  expect(fates).toEqual({
    unchanged: ['lost', 'same'],
    you: ['mine'],
    template: ['theirs'],
    removed: ['gone'],
    both: ['both', 'edited', 'ours'],
    new: ['added'],
    deleted: ['a/deleted'],
  });
});

test('what has been taken over already asks for nothing, whoever else changed it', () => {
  const manifest = { name: 't', version: '1', files: { a: '1', b: '1' }, init: { b: '1i' } };
  expect(compareTemplate(manifest, { a: '2', b: '2' }, { a: '2', b: '2' }).unchanged).toEqual(['a', 'b']);
});

test('what init left differently or removed is no change by the team', () => {
  const manifest = { name: 't', version: '1', files: { a: '1', b: '1' }, init: { a: '1i', b: null } };
  expect(compareTemplate(manifest, { a: '1i' }, { a: '1', b: '1' })).toMatchObject({ unchanged: ['a', 'b'], you: [] });
  expect(compareTemplate(manifest, { a: '1i' }, { a: '1', b: '2' })).toMatchObject({ deleted: ['b'], new: [] });
});

test('a new file in a folder that the team deleted is not new, and one in a new folder is', () => {
  const manifest = { name: 't', version: '1', files: { 'local/a': '1', 'src/b': '1' }, init: {} };
  const other = { 'local/a': '1', 'src/b': '1', 'local/deep/c': '1', 'src/deep/d': '1', 'fresh/e': '1', f: '1' };
  expect(compareTemplate(manifest, { 'src/b': '1' }, other)).toMatchObject({
    deleted: ['local/deep/c'],
    new: ['f', 'fresh/e', 'src/deep/d'],
  });
});

test('a checkout with other line ends has the same hashes, and bytes that are no text have their own', async () => {
  const [unix, windows] = [await folderWith({ a: 'x\né\n' }), await folderWith({ a: 'x\r\né\r\n' })];
  expect(fileHashes(windows)).toEqual(fileHashes(unix));
  await writeFile(join(unix, 'a'), Buffer.from([0xff, 0xfe]));
  await writeFile(join(windows, 'a'), Buffer.from([0xff, 0xfd]));
  expect(fileHashes(windows)).not.toEqual(fileHashes(unix));
});

test('what is installed, built or local is no file of a project, and what begins with a dot is one', async () => {
  const kept = ['.github/workflows/a.yml', '.gitignore', 'src/b.ts'];
  const left = ['node_modules/c/d.js', 'dist/e.js', 'local/node_modules/f.js', '.local/run.json', '.env', '.git/HEAD'];
  const folder = await folderWith(Object.fromEntries([...kept, ...left].map((path) => [path, 'x'])));
  expect(Object.keys(fileHashes(folder))).toEqual(kept);
});

test('the files of a project are those that git keeps or would keep', async ({ skip }) => {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 1e8,
  }).then(
    ({ stdout }) => stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path))),
    () => [],
  );
  skip(listed.length === 0, 'this is no work tree of git');
  expect(Object.keys(fileHashes(root))).toEqual(listed.sort());
});

test('a project without changes has nothing to take over from the version that it was made of', async () => {
  const files = { 'src/a.ts': 'a\n' };
  const project = await projectOf(files);
  const same = await folderWith({ ...files, ...packageOf('starter', '1.0.0') });
  for (const path of ['tools/upgrade.ts', 'tools/upgrade'])
    await cp(join(root, path), join(same, path), { recursive: true });
  const told = await upgrade(project, '--to', same);
  expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('of which you changed 0.\n') });
});

test('what the next version changed is told with what to do, nothing is changed, and --done ends it', async () => {
  const files = { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', 'README.md': '# Starter\n' };
  const project = await projectOf(files, { 'README.md': '# Orders\n' });
  const next = await nextOf(files, { 'src/a.ts': 'A\n', 'README.md': '# Starter, better\n', 'src/new.ts': 'n\n' });
  await write(project, { 'src/b.ts': 'mine\n' });
  const before = fileHashes(project);

  const { code, stdout } = await upgrade(project, '--to', next, '--json');
  expect(code).toBe(1);
  expect(stdout.trimEnd()).not.toContain('\n');
  expect(JSON.parse(stdout)).toMatchObject({
    from: '1.0.0',
    to: '1.1.0',
    you: ['src/b.ts'],
    template: ['src/a.ts'],
    both: ['README.md', 'package.json'],
    new: ['src/new.ts'],
    removed: [],
    deleted: [],
  });
  const told = (await upgrade(project, '--to', next)).stdout;
  for (const line of ['not by you. Copy them:\n  src/a.ts\n', 'New in the template. Copy them:\n  src/new.ts\n', next])
    expect(told).toContain(line);
  expect(fileHashes(project)).toEqual(before);

  for (const path of ['src/a.ts', 'src/new.ts']) await cp(join(next, path), join(project, path));
  await write(project, { 'README.md': '# Orders, better\n' });
  expect(await upgrade(project, '--to', next, '--done')).toMatchObject({ code: 0, stdout: '' });
  expect(JSON.parse((await upgrade(project, '--to', next, '--json')).stdout)).toMatchObject({
    from: '1.1.0',
    you: ['src/b.ts'],
    template: [],
    both: [],
  });
});

test('git clones the other version from a URL by its tag, and the clone is kept only while there is work', async ({
  skip,
}) => {
  const files = { 'src/a.ts': 'a\n' };
  const project = await projectOf(files);
  const next = await nextOf(files, {});
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: next });
  const hasGit = await git('init').then(
    () => true,
    () => false,
  );
  skip(!hasGit, 'git is not installed');
  await write(next, packageOf('starter', '1.0.0'));
  for (const [version, text] of Object.entries({ '1.0.0': 'a\n', '1.1.0': 'A\n' })) {
    await write(next, { 'src/a.ts': text, ...packageOf('starter', version) });
    await git('add', '--all');
    await git('commit', '--quiet', '--message', version);
    await git('tag', `v${version}`);
  }
  const url = `file://${encodeURI(next)}`;
  const work = JSON.parse((await upgrade(project, '--to', url, '--ref', 'v1.1.0', '--json')).stdout);
  onTestFinished(() => rm(work.folder, { recursive: true, force: true }));
  expect(work).toMatchObject({ to: '1.1.0', template: ['src/a.ts'] });
  expect(readFileSync(join(work.folder, 'src/a.ts'), 'utf8')).toBe('A\n');

  const { code, stdout } = await upgrade(project, '--to', url, '--ref', 'v1.0.0', '--json');
  expect(code).toBe(0);
  expect(existsSync(JSON.parse(stdout).folder)).toBe(false);
  expect(await upgrade(project, '--to', url, '--ref', 'v9')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('git cannot clone it'),
  });
});

test('what cannot be compared is refused with a sentence', async () => {
  const project = await projectOf({});
  const [stranger, empty] = [await folderWith(packageOf('another', '1.0.0')), await folderWith({})];
  const says = async (...args: string[]) => {
    const { code, stderr } = await upgrade(project, ...args);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await says()).toMatch(/^Say which version to compare with: --to .*\n$/);
  expect(await says('--form', 'x')).toMatch(/^Unknown option '--form'.*\n$/);
  expect(await says('--to', stranger)).toMatch(/is "another": give the template "starter"\.\n$/);
  expect(await says('--to', empty)).toMatch(/is no project: give the template "starter"\.\n$/);
  await rm(join(project, '.template.json'));
  expect(await says('--to', empty)).toMatch(/^There is no \.template\.json here: "npm run init" writes it/);
});
