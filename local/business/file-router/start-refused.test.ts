import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { endServices, launchService } from '../../test/service/running-service.ts';
import { startStandIns } from '../../test/service/stand-ins.ts';
import { sample } from './sample.fixture.ts';

afterAll(endServices);

test('rules that cannot be used stop the start with a sentence that names the file and the place', async () => {
  const standIns = await startStandIns({ business: sample });
  const folder = await mkdtemp(join(tmpdir(), 'start ü '));
  const rules = join(folder, 'rules.json');
  await writeFile(rules, JSON.stringify({ rules: [{ name: '*.txt', destination: 'Nowhere At All' }] }));
  const service = launchService(standIns, { env: { FILE_ROUTER_RULES: rules } });
  expect(await service.ended).toEqual({ code: 1, signal: null });
  const [line, ...more] = service.lines('the service could not start');
  expect(more).toEqual([]);
  const { message } = (line as unknown as { error: { message: string } }).error;
  expect(message).toContain(rules);
  expect(message).toContain(
    'rules[0].destination: found "Nowhere At All"; allowed: lower-case letters, digits and hyphens',
  );
  await standIns.stop();
  await rm(folder, { recursive: true, force: true });
});
