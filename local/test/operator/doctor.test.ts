import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fault as faultCommand } from '../../cli/fault.ts';
import { runInProcess } from '../../cli/run-command.fixture.ts';
import { copyWithFixture, removeCheckout, run, type Started, startCommand } from '../../cli/start/checkout.fixture.ts';
import { fixtureBusiness } from '../fixture-business.ts';

const root = resolve(import.meta.dirname, '../../..');
const realService = { command: process.execPath, args: ['--import', './src/preload.ts', 'src/main.ts'] };
const preloads = fixtureBusiness.preload.flatMap((file) => ['--import', pathToFileURL(file).href]);

/** The SDK asks for its remote settings over HTTPS: it meets a closed door. */
const noWayOut = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1,localhost,::1' };

let checkout: string;
let started: Started;

beforeAll(async () => {
  checkout = await copyWithFixture();
  started = run(startCommand(checkout, { service: realService }));
  await started.says('The service is ready at level 1');
});
afterAll(async () => {
  started.child.kill('SIGTERM');
  await started.exit();
  await removeCheckout(checkout);
});

/** `npm run doctor` on that run, for the business of the tests. */
function doctor(variables: Record<string, string>, ...args: string[]) {
  const command = [...preloads, join(root, 'operator/doctor.ts'), '--run', join(checkout, '.local/run.json'), ...args];
  const env = { PATH: process.env.PATH, ...noWayOut, ...variables };
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((ended) => {
    execFile(process.execPath, command, { env, cwd: root }, (error, stdout, stderr) =>
      ended({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

const fault = (...args: string[]) => runInProcess(faultCommand, args);

test('of a run with nothing wrong every check is done, and nothing is found', async () => {
  const { code, stdout, stderr } = await doctor({}, '--json');
  expect(stdout.split('\n')).toHaveLength(2);
  expect(JSON.parse(stdout)).toEqual({ findings: [], notChecked: [] });
  expect(stderr).toMatch(/^ok {11}node-too-old\n/);
  expect(stderr).not.toMatch(/FINDING|not checked/);
  expect(code).toBe(0);
});

test('span-lost: a sampler that drops all is found, and so is what it does; log lines and events still arrive', async () => {
  const { code, stdout } = await doctor({ OTEL_TRACES_SAMPLER: 'always_off' }, '--json');
  const { findings, notChecked } = JSON.parse(stdout);
  expect(findings.map((finding: { code: string }) => finding.code)).toEqual(['foreign-sampler', 'span-lost']);
  expect([code, notChecked]).toEqual([1, []]);
});

test('what a run with an ingestion endpoint over its quota does is found without waiting for rows', async () => {
  const change = (mode: string) => fault('ingestion', mode, '--run', join(checkout, '.local/run.json'));
  await change('402');
  const { stdout } = await doctor({}, '--json');
  await change('ok');
  const { findings, notChecked } = JSON.parse(stdout);
  expect(findings).toContainEqual(expect.objectContaining({ code: 'ingestion-quota' }));
  const reason = 'a finding above stands in the way';
  expect(notChecked).toEqual(['span-lost', 'log-lost', 'event-lost'].map((code) => ({ code, reason })));
});

test('--help needs nothing that runs', async () => {
  const { code, stdout } = await doctor({}, '--help');
  expect([code, stdout]).toEqual([0, expect.stringContaining('npm run doctor -- [--url <address>]')]);
});
