import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { OLDEST_COMPILER } from '../../tools/bicep/find-compiler.ts';
import {
  compileTemplates,
  parseSnapshot,
  predictScenarios,
  stableSnapshot,
  wholeScenarios,
  withoutMarks,
} from '../../tools/bicep/predictions.ts';
import { generatePrices } from '../../tools/bicep/price-table.ts';
import { generateLadder } from '../../tools/ladder/generate-ladder.ts';
import { compilerVersion, copyInfra, infra, remark, root, testWithCompiler } from './bicep.ts';

const files = (await readdir(infra, { recursive: true })).map((file) => join(infra, file)).sort();
const templates = files.filter((file) => file.endsWith('.bicep'));
const scenarios = files.filter((file) => file.startsWith(join(infra, 'snapshots')) && file.endsWith('.bicepparam'));
const minor = (version: string | undefined) => version?.split('.').slice(0, 2).join('.');

test('main.bicep and app.bicep reach every template, so that compiling them judges all', async () => {
  const texts = await Promise.all(templates.map((file) => readFile(file, 'utf8')));
  const reached = new Set(
    texts.flatMap((text, i) =>
      [...text.matchAll(/'([^']+\.bicep)'/g)].map(([, path]) => join(dirname(templates[i] ?? ''), path ?? '')),
    ),
  );
  expect(templates.filter((file) => !reached.has(file))).toEqual([join(infra, 'app.bicep'), join(infra, 'main.bicep')]);
});

testWithCompiler('the templates compile without a single remark', async (compiler) => {
  for (const name of ['main', 'app'])
    expect((await compiler.compile(join(infra, `${name}.bicep`))).diagnostics.map(remark)).toEqual([]);
  // The parameter files differ in one line, and an error in it fails its prediction: the richest is compiled for warnings.
  const richest = scenarios.filter((file) => file.includes('level-5-split-public'));
  for (const file of richest) expect((await compiler.compileParams(file)).diagnostics.map(remark)).toEqual([]);
});

test('the scenarios are the ten steps of the ladder, two in a network and two public, from the defaults and alike in all else', async () => {
  const text = (level: number, topology: string, more = '') =>
    `param config = { level: ${level}, deployment: { topology: '${topology}'${more} } }`;
  const levels = [1, 2, 3, 4, 5];
  const expected: Record<string, string> = {
    ...Object.fromEntries(levels.map((level) => [`level-${level}-single`, text(level, 'single')])),
    ...Object.fromEntries(levels.map((level) => [`level-${level}-split`, text(level, 'split')])),
    'level-1-single-vnet': text(1, 'single', ", network: 'vnet'"),
    'level-5-split-vnet': text(5, 'split', ", network: 'vnet'"),
  };
  for (const topology of ['single', 'split'])
    expected[`level-5-${topology}-public`] = `param config = {
  level: 5
  deployment: {
    topology: '${topology}'
    public: true
    allowAnonymous: true
    operators: '11111111-2222-3333-4444-555555555555'
  }
}`;
  expect(scenarios).toHaveLength(2 * Object.keys(expected).length);
  for (const end of ['.bicepparam', '.app.bicepparam']) {
    const first = await readFile(join(infra, 'snapshots', `level-1-single${end}`), 'utf8');
    for (const [name, config] of Object.entries(expected))
      expect(await readFile(join(infra, 'snapshots', `${name}${end}`), 'utf8')).toBe(
        first.replace(text(1, 'single'), config),
      );
  }
});

testWithCompiler('both parameter files take the file of the checkout, whatever level it holds', async (compiler) => {
  for (const level of [1, 5]) {
    const folder = await copyInfra({
      'observability.json': JSON.stringify({ $schema: './docs/observability.schema.json', level }),
    });
    for (const name of ['main', 'app']) {
      const { diagnostics, parameters } = await compiler.compileParams(join(folder, 'infra', `${name}.bicepparam`));
      expect(diagnostics.map(remark)).toEqual([]);
      expect(JSON.parse(parameters ?? '{}').parameters.config.value.level).toBe(level);
    }
  }
});

testWithCompiler('the formatter has nothing to change', async (compiler) => {
  for (const file of [...templates, ...scenarios, join(infra, 'main.bicepparam'), join(infra, 'app.bicepparam')])
    expect(await compiler.format(file), file).toBe(await readFile(file, 'utf8'));
});

testWithCompiler('the committed predictions, outputs too, and the pages made from them are fresh', async (compiler) => {
  const fresh = await predictScenarios(compiler);
  expect(Object.keys(fresh)).toHaveLength(28);
  for (const [path, text] of Object.entries(fresh))
    expect(parseSnapshot(await readFile(join(root, path), 'utf8')), path).toEqual(parseSnapshot(text));
  const whole = wholeScenarios(fresh);
  for (const [path, text] of Object.entries({ ...generateLadder(whole), ...generatePrices(whole) }))
    expect(await readFile(join(root, path), 'utf8'), path).toBe(text);
});

testWithCompiler('the compiled templates of the deploy button are fresh', async (compiler, context) => {
  for (const [path, text] of Object.entries(await compileTemplates(compiler))) {
    const committed = JSON.parse(await readFile(join(root, path), 'utf8'));
    const fresh = JSON.parse(text);
    const madeBy = committed.metadata._generator.version;
    context.skip(
      minor(madeBy) !== minor(compilerVersion) &&
        JSON.stringify(withoutMarks(committed)) !== JSON.stringify(withoutMarks(fresh)),
      `compiled by another version (${madeBy}), not compared with ${compilerVersion}`,
    );
    expect(withoutMarks(committed), path).toEqual(withoutMarks(fresh));
  }
});

test('the compiler that the tests accept is the one that the configuration asks for', async () => {
  const config = parseJsonc(await readFile(join(infra, 'bicepconfig.json'), 'utf8'));
  expect(config.bicep.version).toBe(`>=${OLDEST_COMPILER}`);
});

test('no template fetches a module from a registry, and every parameter says whether it is required', async () => {
  for (const file of templates) {
    const text = await readFile(file, 'utf8');
    expect(text, file).not.toMatch(/^(module|import|extension)\b.*'(br|ts)[/:]/m);
    const parameters = [...text.matchAll(/^param /gm)].length;
    const described = [...text.matchAll(/^@description\('(Required|Optional|Conditional)\. .*\.'\)\n(@.*\n)*param /gm)]
      .length;
    expect(described, file).toBe(parameters);
  }
});

test('a conditional parameter says when it is required', async () => {
  for (const file of templates) {
    for (const [line] of (await readFile(file, 'utf8')).matchAll(/'Conditional\. .*'/g))
      expect(line, file).toContain('Required if');
  }
});

test('a prediction is committed with its outputs in order, whatever order the compiler chose', () => {
  const text = (outputs: object) => JSON.stringify({ predictedResources: [], diagnostics: [], outputs });
  expect(stableSnapshot(text({ B: 1, A: 2 }))).toBe(stableSnapshot(text({ A: 2, B: 1 })));
});
