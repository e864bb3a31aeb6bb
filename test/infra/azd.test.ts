import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startCompilerSession } from '../../tools/bicep/compiler-session.ts';
import { parseSnapshot, predictFile } from '../../tools/bicep/predictions.ts';
import example from '../fixture-business/example-request.json' with { type: 'json' };
import { compilerPath, copyInfra, infra, predict, root, testWithCompiler } from './bicep.ts';
import { snapshots } from './snapshots.ts';

const run = promisify(execFile);
const text = await readFile(join(root, 'azure.yaml'), 'utf8');

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
  const files = ['main', 'app'].map((name) => readFile(join(infra, `${name}.bicepparam`), 'utf8'));
  const parameters = (await Promise.all(files)).join('\n');
  for (const [, name] of parameters.matchAll(/readEnvironmentVariable\('(\w+)', ''\)/g))
    if (!/^(OBSERVABILITY_LEVEL|SERVICE_APP_IMAGE_NAME|MAINTENANCE_\w+)$/.test(name ?? ''))
      expect(pipeline).toContain(`${name}: \${{ vars.${name} }}`);
});

test('azd deploys one service from a subfolder, and the tag on its host is its key', async () => {
  expect(valueAt('services', 'app', 'project')).toBe('./src');
  expect(valueAt('services', 'app', 'language')).toBe('ts');
  expect(valueAt('services', 'app', 'host')).toBe('containerapp');
  expect([...text.matchAll(/^ {2}\w+:$/gm)].map(([line]) => line.trim())).toEqual(['app:', 'preprovision:']);
  for (const { predictedResources } of Object.values(snapshots))
    expect(predictedResources.flatMap(({ tags }) => tags?.['azd-service-name'] ?? [])).toEqual(['app']);
});

test('the Dockerfile and its context are where azure.yaml says, outside the service folder', async () => {
  const project = join(root, valueAt('services', 'app', 'project') ?? '');
  expect((await stat(join(project, valueAt('services', 'app', 'docker', 'path') ?? ''))).isFile()).toBe(true);
  expect(join(project, valueAt('services', 'app', 'docker', 'context') ?? '')).toBe(join(root));
});

test('every hook has a POSIX and a PowerShell form, and the files that it runs exist', async () => {
  for (const hook of ['preprovision']) {
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
  for (const name of ['AZURE_ENV_NAME', 'AZURE_LOCATION'])
    expect(parameters).toMatch(new RegExp(`readEnvironmentVariable\\('${name}', '`));
  const template = await readFile(join(infra, 'main.bicep'), 'utf8');
  expect(template).toContain("targetScope = 'subscription'");
  expect(template).toMatch(/@minLength\(1\)\n@maxLength\(64\)\nparam environmentName string/);
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

testWithCompiler('a provision says the same with and without what azd remembers of a deployment', async (compiler) => {
  const path = join(infra, 'main.bicepparam');
  const asked = async (env: NodeJS.ProcessEnv) => {
    const session = startCompilerSession(compilerPath, { ...process.env, ...env });
    try {
      return parseSnapshot(await predictFile(session, path));
    } finally {
      await session.stop();
    }
  };
  const deployed = { SERVICE_APP_IMAGE_NAME: 'cr1.azurecr.io/app:7', SERVICE_APP_RESOURCE_EXISTS: 'true' };
  const [laptop, pipeline] = [await asked(deployed), await asked({ SERVICE_APP_IMAGE_NAME: '' })];
  expect(laptop).toEqual(pipeline);
  // Neither is there any app that a provision could change.
  expect(JSON.stringify(laptop)).not.toMatch(/containerApps|probes/);
  // The apps compile with an empty environment, which azd's own check of the files needs.
  expect((await compiler.compileParams(join(infra, 'app.bicepparam'))).diagnostics).toEqual([]);
});

test('the apps of an internal service name a command that sends one request from inside, and where its story is', () => {
  const { script } = example;
  for (const [scenario, { outputs }] of Object.entries(snapshots)) {
    expect(outputs.SEND_COMMAND, scenario).toBe(
      `az containerapp exec --name ${outputs.SERVICE_APP_NAME} --resource-group rg-snapshot --command "node -e ${script}"`,
    );
    expect(outputs.SEND_STORY, scenario).toMatch(/the logs of the workspace log-\w+: search "<the id of the trace>"/);
  }
});

testWithCompiler(
  'a public service is sent to from anywhere, and without telemetry there is no story',
  async (compiler) => {
    const config = `{ level: 1, modules: { remove: ['basic-alerts', 'application-insights'] }, deployment: { public: true, allowAnonymous: true } }`;
    const { outputs } = await predict(compiler, await copyInfra(), { config });
    expect(outputs.SEND_COMMAND).toMatch(/^\[?.*npm run send -- --url https:\/\/.* --sample 1/);
    expect(outputs.SEND_STORY).toBe('Nowhere: the module application-insights is off.');
    const none = await copyInfra({ 'infra/workload/example-request.json': '{ "script": "" }' });
    const silent = await predict(compiler, none, { config: '{ level: 1 }' });
    expect(silent.outputs.SEND_COMMAND).toMatch(/^No business names an example request/);
  },
);
