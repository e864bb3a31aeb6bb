import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  root as checkout,
  copyWithout,
  edit,
  expectToPass,
  hasSample,
  rooms,
  run,
  runTests,
} from '../removal/removal.fixture.ts';
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
  await refused(root, 'orders', '--level', '3', '--up-to', '2').toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^--up-to 2 deletes what level 3 needs.*\n$/),
  });
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

/** Each with what it must take away. */
const shrunk = [
  {
    args: ['billing', '--worker', '--up-to', '1', '--without', 'local', '--answers', 'answers.json'],
    level: 1,
    gone: [
      { part: 'correlation', path: 'src/observability/modules/correlation' },
      { part: 'alert-rules', path: 'infra/observability/alert-rules' },
      { part: 'local', path: 'local' },
    ],
  },
  {
    args: ['orders', '--topic', '--up-to', '3', '--level', '2', '--without', 'operator'],
    level: 2,
    gone: [
      { part: 'alert-rules', path: 'docs/runbooks/alert-rules' },
      { part: 'operator', path: 'operator' },
    ],
  },
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
    const isFirst = name === forms[0]?.name;
    const some = 'npm test -- test operator local/business local/test/service';
    test('its tests pass', { timeout: 1_800_000 }, () =>
      // As its pipeline has it: what skips itself here would end that one.
      isFirst ? typed(root, 'npm test', { REQUIRE_ALL: process.env.REQUIRE_ALL }) : typed(root, some),
    );
    if (isFirst) {
      test('a drill holds under the name of the project', { timeout: 240_000 }, () =>
        typed(root, 'npm run drill -- broker-errors --levels 4'),
      );
    }
  });

  test.each(shrunk)('with less: %j', { timeout: 900_000 }, async ({ args, level, gone }) => {
    const root = await newProject();
    const answers = join(root, 'answers.json');
    const mild = { failure: 'harmless', impact: 'internal', evolution: 'stable', pain: 'none' };
    await writeFile(answers, JSON.stringify(mild));
    const given = args.map((arg) => (arg === 'answers.json' ? answers : arg));
    const { stdout: told } = await run(process.execPath, ['operator/init.ts', ...given], { cwd: root, maxBuffer: 1e8 });
    await rm(answers);
    for (const { part, path } of gone) {
      expect(told).toContain(`removed  ${part}\n`);
      expect(existsSync(join(root, path)), path).toBe(false);
    }
    expect(JSON.parse(await readFile(join(root, 'observability.json'), 'utf8')).level).toBe(level);
    await typed(root, 'npm run check');
    await typed(root, 'npm run build');
    await typed(root, 'npm run generate -- --check');
    await runTests(root, 'test/business', 'test/config', 'test/docs', 'test/size-of-src', 'test/tools/mutants');
    // Of its own release it has nothing to take over, and has changed nothing.
    const { stdout } = await run(process.execPath, ['tools/upgrade.ts', '--to', checkout, '--json'], {
      cwd: root,
      maxBuffer: 1e8,
    });
    expect(JSON.parse(stdout)).toMatchObject({ you: [], template: [], both: [], new: [], removed: [] });
    if (existsSync(join(root, 'local'))) await whileStarted(root, () => typed(root, 'npm run send -- --sample 20'));
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
