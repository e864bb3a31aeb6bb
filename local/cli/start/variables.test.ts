import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectArguments, inspectPort, withInspectValue, withoutInspect } from './debugging.ts';
import { readVariables } from './variables.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'env ü '));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const decide = ({ SERVICEBUS_NAMESPACE: _away, ...env }: NodeJS.ProcessEnv) =>
  ({ ...env, PORT: '3000', NO_PROXY: `${env.NO_PROXY},127.0.0.1` }) as Record<string, string>;

test('the variables of .env reach the service, and what they cannot change is told', async () => {
  await writeFile(
    join(root, '.env'),
    '\uFEFFORDERS_URL="http://x"\nPORT=30\nSERVICEBUS_NAMESPACE=a\nLOG_LEVEL=debug\nNO_PROXY=corp.example\nEMPTY=\n',
  );
  const { env, service, notes } = readVariables(root, { LOG_LEVEL: 'info' }, decide);
  expect(service).toMatchObject({ ORDERS_URL: 'http://x', PORT: '3000', LOG_LEVEL: 'info', EMPTY: '' });
  expect(service.NO_PROXY).toBe('corp.example,127.0.0.1');
  expect(env).toMatchObject({ LOG_LEVEL: 'info' });
  expect(notes).toEqual([
    '.env: PORT, SERVICEBUS_NAMESPACE ignored, because "npm start" decides it itself.',
    '.env: LOG_LEVEL ignored, because the shell sets it too.',
  ]);
});

test('without .env there is nothing to tell, and one that cannot be read is told', async () => {
  expect(readVariables(root, { A: '1' }, decide)).toMatchObject({ env: { A: '1' }, notes: [] });
  await mkdir(join(root, '.env'));
  expect(readVariables(root, {}, decide).notes).toEqual([expect.stringMatching(/^\.env cannot be read: /)]);
});

test('a debugger that NODE_OPTIONS asks for stays with npm start, and every other option reaches the service', () => {
  const given = { NODE_OPTIONS: '--max-old-space-size=99 --inspect=127.0.0.1:9339 --inspect-brk', A: '1' };
  expect(withoutInspect(given)).toEqual({
    env: { NODE_OPTIONS: '--max-old-space-size=99', A: '1' },
    note: expect.stringContaining('npm start -- --inspect'),
  });
  for (const env of [{}, { NODE_OPTIONS: '' }, { NODE_OPTIONS: ' --require ./inspect.js' }]) {
    expect(withoutInspect(env)).toEqual({ env });
  }
});

test('--inspect takes a port or none, and listens on this machine alone', () => {
  expect(withInspectValue(['--inspect', '--help'])).toEqual(['--inspect=', '--help']);
  expect([undefined, '', '9230'].map(inspectPort)).toEqual([undefined, 9229, 9230]);
  for (const wrong of ['0', '65536', '0.0.0.0:9229', 'x']) expect(() => inspectPort(wrong)).toThrow('a port from 1');
  expect([inspectArguments(undefined), inspectArguments(9230)]).toEqual([[], ['--inspect=127.0.0.1:9230']]);
});
