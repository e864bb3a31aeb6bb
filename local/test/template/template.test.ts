import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyWithout, edit, expectToPass, hasSample, rooms, run, runTests } from '../removal/removal.fixture.ts';
import { init, newProject, typed, whileStarted } from './new-project.ts';

const refused = (root: string, ...args: string[]) =>
  expect(run(process.execPath, ['operator/init.ts', ...args], { cwd: root })).rejects;

test('help needs nothing, and what is wrong is told in one sentence before anything changes', async () => {
  const root = await newProject();
  for (const command of ['init', 'new']) {
    const { stdout } = await run(process.execPath, [`operator/${command}.ts`, '--help'], { cwd: root });
    expect(stdout).toMatch(new RegExp(`^npm run ${command} -- `));
  }
  await refused(root).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Say how your project is called.*\n$/) });
  await refused(root, 'requests').toMatchObject({ code: 2, stderr: expect.stringMatching(/^The code of .*\n$/) });
  await edit(root, 'src/business/index.ts', (text) => text.replace('readonly Business[]', 'Business[]'));
  await refused(root, 'orders').toMatchObject({ code: 2, stderr: expect.stringMatching(/^src\/business\/index.*\n$/) });
  expect(existsSync(join(root, 'src/business/orders'))).toBe(false);
});

const forms = [
  { name: 'orders', parts: ['--api', '--worker', '--topic'] },
  { name: 'purchase-orders', parts: ['--api'] },
  { name: 'billing', parts: ['--worker'] },
];
const fewer = [
  { name: 'invoices', parts: [] },
  { name: 'pallets', parts: ['--api', '--topic'] },
  { name: 'boxes', parts: ['--worker', '--topic'] },
];

/** A project of its own has no sample to begin with. */
const describeForms = hasSample ? describe : () => {};

describeForms('a project made of the template', () => {
  describe.each(forms)('$name $parts', ({ name, parts }) => {
    let root = '';
    beforeAll(async () => {
      root = await copyWithout();
    });
    afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));

    test('init writes it and removes the sample with what tells of the template', { timeout: 240_000 }, async () => {
      const told = await init(root, name, ...parts);
      expect(told.written).toContain(`src/business/${name}/index.ts`);
      for (const gone of [...rooms, 'docs/decisions', 'local/test/template', 'local/test/guides'])
        expect(told.removed).toContain(gone);
      expect(existsSync(join(root, 'docs/decisions'))).toBe(false);
    });

    test('it checks, and what is generated is up to date', { timeout: 240_000 }, async () => {
      await typed(root, 'npm run check');
      await typed(root, 'npm run generate -- --check');
      await typed(root, 'npm run build');
    });

    test('npm start runs it, and what npm run send sends gets to its end', { timeout: 120_000 }, () =>
      whileStarted(root, () => typed(root, 'npm run send -- --sample 20')),
    );

    // What the forms differ in is tested in each; all else once.
    const tests = name === forms[0]?.name ? 'npm test' : 'npm test -- test operator local/business local/test/service';
    test('its tests pass', { timeout: 1_800_000 }, () => typed(root, tests));
  });

  test.each(fewer)(
    '$name $parts, one after the other beside the sample',
    { timeout: 600_000 },
    async ({ name, parts }) => {
      const root = await newProject();
      await init(root, name, ...parts, '--keep-sample');
      const more = ['operator/new.ts', 'business', 'shipments', '--api', '--worker', '--topic'];
      await expectToPass(root, process.execPath, more);
      await typed(root, 'npm run check');
      await typed(root, 'npm run generate -- --check');
      await runTests(
        root,
        'test/business',
        'local/business',
        'test/docs',
        'test/tools',
        'test/config',
        'test/sample-words',
      );
      await whileStarted(root, () => typed(root, `npm run send -- --sample 20 --business ${name}`));
    },
  );
});
