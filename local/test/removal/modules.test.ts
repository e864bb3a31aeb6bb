import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/observability/registry.ts';
import { pathsOfModule } from '../../../tools/delete/paths-of-guide.ts';
import { copyWithout, expectToPass, root, runInfraTests, runTests, withoutSample } from './removal.fixture.ts';

const manifests = registry.map(({ manifest }) => manifest);

/** The tests of infra that judge what a module leaves behind there; all of them take minutes. */
const ofInfra = ['bicep.test', 'data-export', 'kql', 'ladder', 'security.test', 'workload'].map(
  (name) => `test/infra/${name}`,
);
const isInInfra = (module: string) => existsSync(join(root, 'infra/observability', module));

/** What is left must check and pass its tests. `local/` goes too, because its tests take minutes. */
async function expectRestToPass(
  args: string[],
  { copy = copyWithout, infra = [] }: { copy?: () => Promise<string>; infra?: readonly string[] | false } = {},
): Promise<void> {
  const folder = await copy();
  try {
    await expectToPass(folder, 'npm', ['run', 'delete', '--', 'local', ...args]);
    await expectToPass(folder, 'npm', ['run', 'check']);
    await runTests(folder);
    if (infra) await runInfraTests(folder, ...infra);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('without local/, the sample and every module above level 1, the rest checks and its tests pass', async () => {
  const optIn = manifests.filter(({ level }) => level === 'opt-in').map(({ name }) => name);
  await expectRestToPass(['--up-to', '1', ...optIn], { copy: withoutSample });
}, 600_000);

describe('what the guide deletes, on a copy of the project', () => {
  test.each(manifests.map(({ name }) => name))(
    'the module %s and what needs it',
    async (name) => {
      expect(pathsOfModule(root, name).length).toBeGreaterThan(5);
      await expectRestToPass([name], { infra: isInInfra(name) && ofInfra });
    },
    900_000,
  );

  test('every level above 2', async () => {
    await expectRestToPass(['--up-to', '2']);
  }, 900_000);

  test('level 5, with local/ kept: types hold, and its drills and rules are those that are left', async () => {
    const folder = await copyWithout();
    try {
      await expectToPass(folder, 'npm', ['run', 'delete', '--', '--up-to', '4']);
      await expectToPass(folder, 'npm', ['run', 'check']);
      await runTests(folder, 'local/drills', 'local/alerts', 'local/application-insights/security-logs', 'test/docs');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 900_000);
});
