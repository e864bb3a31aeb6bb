import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { findRun } from '../run-file/index.ts';
import {
  allGone,
  isAlive,
  makeCheckout,
  removeCheckout,
  run,
  runOf,
  type Started,
  servicesOf,
  startCommand,
  withFixture,
} from './start/checkout.fixture.ts';

const canMakeTerminals = String(spawnSync('script', ['--version']).stdout).includes('util-linux');
const { CI: _ci, NO_COLOR: _noColor, ...env } = process.env;
const quote = (argument: string) => `'${argument.replaceAll("'", `'\\''`)}'`;

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Runs a command line in a terminal of its own; what is written to its input is typed. */
function inTerminal(commandLine: string, cwd: string): Started {
  const started = run(['script', '-qefc', commandLine, '/dev/null'], { env, cwd, stdio: 'pipe' });
  endings.push(() => {
    started.child.kill('SIGKILL');
    for (const pid of servicesOf(started.output())) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return started;
}

test('Ctrl-C in a terminal is one clean stop of everything, and a terminal shows progress', async ({ skip }) => {
  skip(!canMakeTerminals, 'needs "script" of util-linux, which makes a terminal');
  const root = await makeCheckout();
  endings.push(() => removeCheckout(root));
  const start = startCommand(root, { forEyes: true, inspect: 0 }).map(quote).join(' ');
  await writeFile(join(root, 'package.json'), JSON.stringify({ scripts: { start } }));
  const started = inTerminal('npm start', root);
  await started.says('The service is ready');
  const { pid } = await runOf(root);
  // The log is for eyes, and the service writes as to a terminal; a debugger finds the service.
  expect(stripVTControlCharacters(started.output())).toMatch(/\d\d:\d\d:\d\d info {4}listening {2}terminal true/);
  expect(started.output()).not.toContain('"severity"');
  expect(started.output().match(/Debugger listening on ws:\/\/127\.0\.0\.1:/g)).toHaveLength(1);

  const send = [
    process.execPath,
    ...withFixture,
    join(import.meta.dirname, 'send.ts'),
    'package.json',
    '--run',
    join(root, '.local', 'run.json'),
  ];
  const sending = inTerminal(send.map(quote).join(' '), root);
  expect(await sending.exit()).toEqual({ code: 1, signal: null }); // nothing was accepted
  expect(sending.output()).toContain('of 1 at their end');
  expect(sending.output()).toMatch(/refused +1 +400: 1/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a hidden cursor is what must not be there
  expect(sending.output()).not.toMatch(/\u001b\[\?25l|\u001b\[\?7l/);

  started.child.stdin?.write('\x03');
  // npm and the shell that it starts get the signal too, and say so by their exit code.
  expect(await started.exit()).toEqual({ code: expect.toSatisfy((code) => code === 0 || code === 130), signal: null });
  expect(started.output().match(/service \d+ told SIG\w+/g)).toEqual([expect.stringContaining('told SIGTERM')]);
  expect(started.output().match(/Stopping \(/g)).toHaveLength(1);
  await allGone([pid, ...servicesOf(started.output())]);
  expect(await findRun({ root })).toEqual({ kind: 'none' });
});
