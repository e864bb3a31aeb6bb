import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { scenarios } from './scenarios.ts';

const command = resolve(import.meta.dirname, '../cli/soak.ts');
const soak = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('--help names every scenario, with nothing running', () => {
  const { status, stdout, stderr } = soak('--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const { name } of scenarios) expect(stdout).toContain(name);
  expect(stdout).toContain('ingestion-outage');
});

test.each([
  [['earthquake'], 'choose of destination-down'],
  [['destination-down', '--seconds', '0'], 'whole number'],
])('%o is wrong usage and starts nothing', (args, sentence) => {
  expect(soak(...args)).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(sentence) });
});
