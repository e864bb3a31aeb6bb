import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { infra, root } from './bicep.ts';
import { snapshots } from './snapshots.ts';

const run = promisify(execFile);
const text = await readFile(join(root, 'azure.yaml'), 'utf8');
const folder = await mkdtemp(join(tmpdir(), 'azd-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The value of a key at a place of azure.yaml; enough of YAML for a file that is ours. */
const valueAt = (...path: string[]): string | undefined => {
  let lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  let value: string | undefined;
  for (const [depth, key] of path.entries()) {
    const indent = '  '.repeat(depth);
    const start = lines.findIndex((line) => line.startsWith(`${indent}${key}:`));
    if (start < 0) return undefined;
    value = lines[start]?.slice(indent.length + key.length + 1).trim();
    const rest = lines.slice(start + 1);
    const end = rest.findIndex((line) => !line.startsWith(`${indent}  `));
    lines = end < 0 ? rest : rest.slice(0, end);
  }
  return value;
};

test('azure.yaml is what the gallery asks for: schema, name, template with its version', async () => {
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(text).toMatch(/^# yaml-language-server: \$schema=https:\/\/\S+\/azure\.yaml\.json\n/);
  expect(valueAt('name')).toBe(name);
  // A project that was made of the template still names it, with the version that it was made of.
  const template = 'azure-observability-starter';
  const of = name === template ? version : String.raw`\d+\.\d+\.\d+`;
  expect(valueAt('metadata', 'template')).toMatch(new RegExp(`^${template}@${of}$`));
});

test('the files that the gallery looks for are there', async () => {
  const wanted = [
    'README.md',
    'LICENSE',
    'SECURITY.md',
    'CODE_OF_CONDUCT.md',
    'CONTRIBUTING.md',
    '.github/ISSUE_TEMPLATE.md',
    '.github/workflows/azure-dev.yml',
    '.devcontainer/devcontainer.json',
    'azure.yaml',
    'infra/main.bicep',
  ];
  for (const file of wanted) expect((await stat(join(root, file))).size, file).toBeGreaterThan(0);
});

test('the pipeline provisions and deploys without asking, with a federated identity and every variable that has no default', async () => {
  const pipeline = await readFile(join(root, '.github', 'workflows', 'azure-dev.yml'), 'utf8');
  expect(pipeline).toContain('id-token: write');
  for (const command of ['azd provision --no-prompt', 'azd deploy --no-prompt']) expect(pipeline).toContain(command);
  const parameters = await readFile(join(infra, 'main.bicepparam'), 'utf8');
  for (const [, name] of parameters.matchAll(/readEnvironmentVariable\('(\w+)', ''\)/g))
    if (name !== 'OBSERVABILITY_LEVEL' && !name?.startsWith('MAINTENANCE_'))
      expect(pipeline).toContain(`${name}: \${{ vars.${name} }}`);
});

test('azd deploys one service from a subfolder, and the tag on its host is its key', async () => {
  expect(valueAt('services', 'app', 'project')).toBe('./src');
  expect(valueAt('services', 'app', 'language')).toBe('ts');
  expect(valueAt('services', 'app', 'host')).toBe('containerapp');
  expect([...text.matchAll(/^ {2}\w+:$/gm)].map(([line]) => line.trim())).toEqual([
    'app:',
    'preprovision:',
    'postdeploy:',
  ]);
  for (const { predictedResources } of Object.values(snapshots))
    expect(predictedResources.flatMap(({ tags }) => tags?.['azd-service-name'] ?? [])).toEqual(['app']);
});

test('the Dockerfile and its context are where azure.yaml says, outside the service folder', async () => {
  const project = join(root, valueAt('services', 'app', 'project') ?? '');
  expect((await stat(join(project, valueAt('services', 'app', 'docker', 'path') ?? ''))).isFile()).toBe(true);
  expect(join(project, valueAt('services', 'app', 'docker', 'context') ?? '')).toBe(join(root));
});

test('every hook has a POSIX and a PowerShell form, and the files that it runs exist', async () => {
  for (const hook of ['preprovision', 'postdeploy']) {
    expect(valueAt('hooks', hook, 'posix', 'shell')).toBe('sh');
    expect(valueAt('hooks', hook, 'windows', 'shell')).toBe('pwsh');
    for (const system of ['posix', 'windows']) {
      const command = valueAt('hooks', hook, system, 'run') ?? '';
      for (const [file] of command.matchAll(/[\w./-]+\.(?:sh|ps1|ts|mjs)\b/g))
        expect((await stat(join(root, file))).isFile(), file).toBe(true);
    }
  }
});

test('parameters and outputs follow azd: environment, location, the image that runs, capital outputs', async () => {
  const parameters = await readFile(join(infra, 'main.bicepparam'), 'utf8');
  // azd asks for nothing with a .bicepparam, so each needs a default.
  for (const name of ['AZURE_ENV_NAME', 'AZURE_LOCATION', 'SERVICE_APP_IMAGE_NAME', 'BUDGET_START'])
    expect(parameters).toMatch(new RegExp(`readEnvironmentVariable\\('${name}', '`));
  const template = await readFile(join(infra, 'main.bicep'), 'utf8');
  expect(template).toContain("targetScope = 'subscription'");
  expect(template).toMatch(/@minLength\(1\)\n@maxLength\(64\)\nparam environmentName string/);
});

test('the hook before a provision refuses a file that the service would refuse, in its words', async () => {
  const hook = (env: NodeJS.ProcessEnv) =>
    run(process.execPath, [join(root, 'tools', 'bicep', 'check-config.ts')], {
      cwd: root,
      env: { ...process.env, ...env },
    });
  await expect(hook({ OBSERVABILITY_LEVEL: '3' })).resolves.toMatchObject({ stdout: '', stderr: '' });
  await expect(hook({ OBSERVABILITY_LEVEL: '7' })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('OBSERVABILITY_LEVEL: found 7'),
  });
});

/** Commands that write down how they were called. */
const pretend = async (values: Record<string, string>) => {
  const script = (body: string) => `#!/bin/sh\n${body}\n`;
  const cases = Object.entries(values).map(([name, value]) => `  ${name}) echo '${value}';;`);
  await writeFile(join(folder, 'azd'), script(`case "$3" in\n${cases.join('\n')}\nesac`));
  await writeFile(join(folder, 'az'), script(`echo "az $*" >> '${join(folder, 'calls')}'`));
  await writeFile(join(folder, 'calls'), '');
  for (const name of ['azd', 'az']) await chmod(join(folder, name), 0o755);
  await run('sh', [join(infra, 'hooks', 'postdeploy.sh')], {
    env: { PATH: `${folder}${delimiter}${process.env.PATH}` },
  });
  return await readFile(join(folder, 'calls'), 'utf8');
};

test.skipIf(process.platform === 'win32')(
  'after a deployment the worker takes the image of the app, where there is a worker',
  async () => {
    const values = {
      SERVICE_WORKER_NAME: 'ca-worker-1',
      SERVICE_APP_IMAGE_NAME: 'cr1.azurecr.io/app:7',
      AZURE_RESOURCE_GROUP: 'rg-one',
    };
    expect(await pretend(values)).toBe(
      'az containerapp update --name ca-worker-1 --resource-group rg-one --image cr1.azurecr.io/app:7 --output none\n',
    );
    expect(await pretend({ ...values, SERVICE_WORKER_NAME: '' })).toBe('');
  },
);

test('both forms of the hook after a deployment do the same', async () => {
  const [posix, windows] = await Promise.all(
    ['sh', 'ps1'].map((end) => readFile(join(infra, 'hooks', `postdeploy.${end}`), 'utf8')),
  );
  const calls = (script = '') =>
    [...script.matchAll(/\baz(?:d env get-value \w+|\s+containerapp.*)/g)].map(([call]) =>
      call.replaceAll('"', '').replace(/\)$/, ''),
    );
  expect(calls(posix)).toEqual(calls(windows));
  expect(calls(posix)).toHaveLength(4);
});
