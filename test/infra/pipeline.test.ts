import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { businesses } from '../../src/business/index.ts';
import { deployedSettings } from '../../tools/generate/business-settings-files.ts';
import { infra, root } from './bicep.ts';

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}
interface Job {
  if: string;
  permissions?: Record<string, string>;
  concurrency?: string;
  steps: Step[];
}

const read = (...path: string[]) => readFile(join(root, ...path), 'utf8');
const text = await read('.github', 'workflows', 'azure-dev.yml');
const workflow = parse(text) as {
  on: Record<string, { branches?: string[] } | null>;
  permissions: Record<string, string>;
  env: Record<string, string>;
  jobs: Record<'what-if' | 'deploy', Job>;
};
const { 'what-if': whatIf, deploy } = workflow.jobs;
const commandsOf = ({ steps }: Job) => steps.flatMap(({ run }) => run ?? []);

test('what is pushed to main is provisioned and then deployed, without a question and one run after the other', () => {
  expect(workflow.on.push).toEqual({ branches: ['main'] });
  expect(commandsOf(deploy).slice(-2)).toEqual(['azd provision --no-prompt', 'azd deploy --no-prompt']);
  expect(deploy.if).toContain("github.event_name != 'pull_request'");
  expect(deploy.concurrency).toBe('azure-dev');
});

test('a pull request is told what it would change, and changes nothing', () => {
  expect(workflow.on).toHaveProperty('pull_request');
  expect(workflow.on).not.toHaveProperty('pull_request_target');
  const commands = commandsOf(whatIf);
  expect(commands.filter((command) => command.startsWith('azd '))).toEqual([
    expect.stringMatching(/^azd auth login /),
    'azd provision --preview --no-prompt > preview.txt',
  ]);
  expect(commands.at(-1)).toMatch(/gh pr comment "\$PULL_REQUEST" .*--body-file comment\.md\n$/);
  expect(whatIf.permissions?.['pull-requests']).toBe('write');
});

test('the rights of the deployment are for the repository that has them: no fork, no bot, and nothing before azd pipeline config', () => {
  for (const condition of ["vars.AZURE_CLIENT_ID != ''", "github.event_name == 'pull_request'"])
    expect(whatIf.if).toContain(condition);
  expect(whatIf.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  expect(whatIf.if).toContain("github.actor != 'dependabot[bot]'");
  expect(deploy.if).toContain("vars.AZURE_CLIENT_ID != ''");
});

test('the pipeline signs in with a federated identity and knows one secret, the key of personal data, where it deploys the apps', async () => {
  expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  for (const job of [whatIf, deploy])
    expect(commandsOf(job).join()).toContain('--federated-credential-provider github');
  expect(text.match(/secrets\.\w+/g)).toEqual(['secrets.PERSONAL_DATA_KEY']);
  const last = deploy.steps.at(-1);
  expect(last).toMatchObject({
    run: 'azd deploy --no-prompt',
    env: { PERSONAL_DATA_KEY: `\${{ secrets.PERSONAL_DATA_KEY }}` },
  });
  expect(parse(await read('azure.yaml')).pipeline.secrets).toEqual(['PERSONAL_DATA_KEY']);
});

test.each(['azure-dev', 'ci'])('every action of %s is pinned by commit, with its tag for people', async (name) => {
  const uses = (await read(`.github/workflows/${name}.yml`)).match(/(?<=\buses: ).+/g) ?? [];
  expect(uses.length).toBeGreaterThan(3);
  for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('azd pipeline config copies what the businesses declare, and the pipeline hands it on', async () => {
  const names = Object.keys(deployedSettings(businesses));
  expect(parse(await read('azure.yaml')).pipeline.variables).toEqual(names);
  const own = ['CLIENT_ID', 'TENANT_ID', 'SUBSCRIPTION_ID', 'ENV_NAME', 'LOCATION'].map((name) => `AZURE_${name}`);
  expect(workflow.env).toEqual(Object.fromEntries([...own, ...names].map((name) => [name, `\${{ vars.${name} }}`])));
});

test('what the parameter files read and has no value of its own is in the pipeline, but what is for one run', async () => {
  const files = ['main', 'app'].map((name) => readFile(join(infra, `${name}.bicepparam`), 'utf8'));
  const forOneRun = /^(OBSERVABILITY_LEVEL|SERVICE_APP_IMAGE_NAME|MAINTENANCE_\w+)$/;
  const asked = [...(await Promise.all(files)).join('\n').matchAll(/readEnvironmentVariable\('(\w+)', ''\)/g)];
  expect(asked.length).toBeGreaterThan(3);
  const handed = { ...workflow.env, ...deploy.steps.at(-1)?.env };
  for (const [, name = ''] of asked) if (!forOneRun.test(name)) expect(handed).toHaveProperty(name);
});

test('azd pipeline config asks for nothing: every parameter of main.bicep has a default', async () => {
  const { parameters } = JSON.parse(await readFile(join(infra, 'main.json'), 'utf8'));
  expect(Object.keys(parameters)).toContain('environmentName');
  for (const [name, parameter] of Object.entries(parameters)) expect(parameter, name).toHaveProperty('defaultValue');
});
