import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeTrusted } from './trusted-certificates.ts';

test('the service trusts the certificate of the run beside those that the shell names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trusted '));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ofShell = join(folder, 'company.pem');
  await writeFile(ofShell, 'COMPANY');
  const read = async (env: NodeJS.ProcessEnv) => readFile(await writeTrusted(folder, 'RUN', env), 'utf8');
  expect((await read({ NODE_EXTRA_CA_CERTS: ofShell })).trim().split('\n')).toEqual(['COMPANY', 'RUN']);
  expect((await read({})).trim()).toBe('RUN');
  expect((await read({ NODE_EXTRA_CA_CERTS: join(folder, 'missing.pem') })).trim()).toBe('RUN');
});
