import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, test as everyTest, expect } from 'vitest';

const script = resolve(import.meta.dirname, '../../tools/apply-level.ts');
const folder = mkdtempSync(join(tmpdir(), 'apply level ü '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const calls = join(folder, 'calls');
type Answers = Record<string, { code?: number; prints?: string }>;

/** The real azd and az need a subscription: these fakes note how they are called and answer what they are told. */
const fake = (answers: Answers) => `#!/bin/sh
call="\${0##*/} $*"
echo "$call" >> "${calls}"
case "$call" in
${Object.entries(answers)
  .map(([start, { code = 0, prints = '' }]) => `'${start}'*) printf '%s' '${prints}'; exit ${code};;`)
  .join('\n')}
esac
`;

const app = (service: string | undefined, image: string) => ({
  tags: service === undefined ? null : { 'azd-service-name': service },
  properties: { template: { containers: [{ image }] } },
});
const deployed = {
  'azd env get-values': { prints: JSON.stringify({ AZURE_RESOURCE_GROUP: 'rg-1', AZURE_SUBSCRIPTION_ID: 's-1' }) },
  'az containerapp list': { prints: JSON.stringify([app(undefined, 'worker:1'), app('app', 'cr1.azurecr.io/app:7')]) },
};

/** Runs the command with the fakes. */
function applyLevel(answers: Answers, ...args: string[]) {
  writeFileSync(calls, '');
  for (const name of ['azd', 'az']) writeFileSync(join(folder, name), fake(answers), { mode: 0o755 });
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: { PATH: folder },
  });
  return { status, stderr, called: readFileSync(calls, 'utf8').trimEnd().split('\n') };
}

const test = (name: string, run: () => void) =>
  everyTest(name, ({ skip }) => {
    skip(process.platform === 'win32', 'the fakes of azd and az are scripts of a POSIX system');
    run();
  });

const asked = [
  'azd env get-values --output json',
  'az containerapp list --resource-group rg-1 --subscription s-1 --output json',
];

test('the resources come first, then the apps with the image that runs, whatever azd remembers', () => {
  expect(applyLevel(deployed)).toEqual({
    status: 0,
    stderr: '',
    called: [...asked, 'azd provision', 'azd deploy app --from-package cr1.azurecr.io/app:7'],
  });
});

test('the environment is passed on, and a named image needs no az', () => {
  expect(applyLevel({}, '-e', 'prod', '--image', 'cr1.azurecr.io/app:6').called).toEqual([
    'azd provision --environment prod',
    'azd deploy app --from-package cr1.azurecr.io/app:6 --environment prod',
  ]);
});

test('a refused provision ends it with the exit code of azd, and the apps stay as they are', () => {
  const { status, called } = applyLevel({ ...deployed, 'azd provision': { code: 3 } });
  expect(status).toBe(3);
  expect(called).toEqual([...asked, 'azd provision']);
});

test('nothing is changed while it is unknown which image runs', () => {
  const unknown = [
    [{}, 'azd knows of no deployment here'],
    [{ ...deployed, 'az containerapp list': { code: 1 } }, 'az cannot say which image runs: run "az login"'],
    [{ ...deployed, 'az containerapp list': { prints: '[]' } }, 'No app runs in rg-1: run "azd deploy".'],
  ] as const;
  for (const [answers, sentence] of unknown) {
    const { status, stderr, called } = applyLevel(answers);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(sentence) });
    expect(called.join()).not.toMatch(/provision|deploy/);
  }
});
