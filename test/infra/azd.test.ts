import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { startCompilerSession } from '../../tools/bicep/compiler-session.ts';
import { parseSnapshot, predictFile } from '../../tools/bicep/predictions.ts';
import example from '../fixture-business/example-request.json' with { type: 'json' };
import { compilerPath, copyInfra, infra, predict, root, testWithCompiler } from './bicep.ts';
import { hasModule } from './present-modules.ts';
import { snapshots } from './snapshots.ts';

const text = await readFile(join(root, 'azure.yaml'), 'utf8');

const project = parse(text);

test('azure.yaml is what the gallery asks for: schema, name, template with its version', async () => {
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(text).toMatch(/^# yaml-language-server: \$schema=https:\/\/\S+\/azure\.yaml\.json\n/);
  expect(project.name).toBe(name);
  // A project that was made of the template still names it, with the version that it was made of.
  const template = 'azure-observability-starter';
  const of = name === template ? version : String.raw`\d+\.\d+\.\d+`;
  expect(project.metadata.template).toMatch(new RegExp(`^${template}@${of}$`));
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

test('azd deploys one service from a subfolder, and the tag on its host is its key', () => {
  expect(project.services).toEqual({
    app: expect.objectContaining({ project: './src', language: 'ts', host: 'containerapp' }),
  });
  for (const { predictedResources } of Object.values(snapshots))
    expect(predictedResources.flatMap(({ tags }) => tags?.['azd-service-name'] ?? [])).toEqual(['app']);
});

test('the Dockerfile and its context are where azure.yaml says, outside the service folder', async () => {
  const { project: folder, docker } = project.services.app;
  expect((await stat(join(root, folder, docker.path))).isFile()).toBe(true);
  expect(join(root, folder, docker.context)).toBe(join(root));
});

test('the oldest azd that is accepted is the one that the configuration of Bicep gives the reason for', async () => {
  const [, oldest = ''] = /^>= (\d+\.\d+\.\d+)$/.exec(project.requiredVersions.azd) ?? [];
  expect(oldest).not.toBe('');
  expect(await readFile(join(infra, 'bicepconfig.json'), 'utf8')).toContain(
    `azd compiles with the Bicep that it brings, and ${oldest} `,
  );
  expect(await readFile(join(root, 'docs', 'guides', 'deploy.md'), 'utf8')).toContain(` ${oldest} or newer`);
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

testWithCompiler('a provision says the same with and without what azd remembers of a deployment', async (compiler) => {
  const path = join(infra, 'main.bicepparam');
  const deployed = { SERVICE_APP_IMAGE_NAME: 'cr1.azurecr.io/app:7', SERVICE_APP_RESOURCE_EXISTS: 'true' };
  const onLaptop = startCompilerSession(compilerPath, { ...process.env, ...deployed });
  const laptop = parseSnapshot(await predictFile(onLaptop, path).finally(() => onLaptop.stop()));
  expect(laptop).toEqual(parseSnapshot(await predictFile(compiler, path)));
  // Neither is there any app that a provision could change.
  expect(JSON.stringify(laptop)).not.toMatch(/containerApps|probes/);
  // The apps compile with an empty environment, which azd's own check of the files needs.
  expect((await compiler.compileParams(join(infra, 'app.bicepparam'))).diagnostics).toEqual([]);
});

test('a provision says that the apps must be deployed too, by a command that exists', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const [scenario, { outputs }] of Object.entries(snapshots)) {
    const [, command = ''] =
      /agree once the apps are deployed too: .*"npm run ([\w-]+)"/.exec(`${outputs.DEPLOY_NOTICE}`) ?? [];
    expect(Object.keys(scripts), scenario).toContain(command);
  }
});

test('the apps of an internal service name a command that sends one request from inside, and where its story is', () => {
  const { script } = example;
  for (const [scenario, { outputs }] of Object.entries(snapshots)) {
    expect(outputs.SEND_COMMAND, scenario).toBe(
      `az containerapp exec --name ${outputs.SERVICE_APP_NAME} --resource-group rg-snapshot --command "node -e ${script}"`,
    );
    if (hasModule('application-insights'))
      expect(outputs.SEND_STORY, scenario).toMatch(/the logs of the workspace log-\w+: search "<the id of the trace>"/);
  }
});

testWithCompiler(
  'a public service is sent to from anywhere, and without telemetry there is no story',
  async (compiler) => {
    const telemetry = ['basic-alerts', 'application-insights'].filter(hasModule).map((name) => `'${name}'`);
    const config = `{ level: 1, modules: { remove: [${telemetry.join(', ')}] }, deployment: { public: true, allowAnonymous: true } }`;
    const { outputs } = await predict(compiler, await copyInfra(), { config });
    expect(outputs.SEND_COMMAND).toMatch(/^\[?.*npm run send -- --url https:\/\/.* --sample 1/);
    expect(outputs.SEND_STORY).toBe('Nowhere: the module application-insights is off.');
    const none = await copyInfra({ 'infra/workload/example-request.json': '{ "script": "" }' });
    const silent = await predict(compiler, none, { config: '{ level: 1 }' });
    expect(silent.outputs.SEND_COMMAND).toMatch(/^No business names an example request/);
  },
);
