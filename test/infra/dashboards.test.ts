import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createKqlChecker } from '../../tools/bicep/check-kql.ts';
import { generateDashboards, readQuestions } from '../../tools/bicep/generate-dashboards.ts';
import { infra, root } from './bicep.ts';
import { hasModule } from './present-modules.ts';
import { ofType, scenario } from './snapshots.ts';

interface Item {
  type: number;
  name: string;
  content: {
    query?: string;
    visualization?: string;
    parameters?: { name: string; type: number; value?: unknown; query?: string }[];
  };
  conditionalVisibilities?: { parameterName: string; value: string }[];
}

const folder = await mkdtemp(join(tmpdir(), 'questions-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const schema = JSON.parse(await readFile(join(infra, 'observability', 'log-analytics-schema.json'), 'utf8'));
const [workbook] = ofType(scenario(4, 'split'), 'Microsoft.Insights/workbooks');
const { items } = JSON.parse(String(workbook?.properties?.serializedData)) as { items: Item[] };
const parameters = items[0]?.content.parameters ?? [];

/** The questions on messages go with the module that sends their events. */
const testOfEvents = hasModule('custom-events') ? test : () => {};

test('regenerating the workbook, and the table of questions, changes nothing', async () => {
  for (const [path, text] of Object.entries(await generateDashboards()))
    expect(await readFile(join(root, path), 'utf8'), path).toBe(text);
});

test('the workbook has a time range, a role, the level, and one item a question in their order', async () => {
  const shown = parameters.filter(({ name }) => !name.startsWith('On_'));
  expect(shown.map(({ name, type }) => [name, type])).toEqual([
    ['TimeRange', 4],
    ['Role', 2],
    ['Level', 1],
  ]);
  expect(parameters.find(({ name }) => name === 'Level')?.value).toBe('4');
  expect(items.filter(({ type }) => type === 3).map(({ name }) => name)).toEqual(Object.keys(await readQuestions()));
});

test('the workbook asks the workspace that is deployed with it', () => {
  const { fallbackResourceIds } = JSON.parse(String(workbook?.properties?.serializedData));
  const [workspace] = ofType(scenario(4, 'split'), 'Microsoft.OperationalInsights/workspaces');
  expect(fallbackResourceIds).toEqual([workspace?.id]);
});

test('no placeholder is left in what is deployed, and it fits into a workbook', () => {
  expect(String(workbook?.properties?.serializedData)).not.toContain('{{');
  expect(String(workbook?.properties?.serializedData).length).toBeLessThan(131_072);
});

test('every query is still valid once the portal has put the time range and the role into it', () => {
  const check = createKqlChecker(schema);
  for (const { name, content } of items.filter(({ type }) => type === 3)) {
    expect(content.query, name).toContain('TimeGenerated {TimeRange}');
    const query = (content.query ?? '')
      .replaceAll('{TimeRange}', '> ago(1d)')
      .replaceAll('{TimeRange:grain}', '5m')
      .replaceAll('{Role}', "'app','worker'");
    expect(check(query).faults, name).toEqual([]);
  }
});

test('the charts over time come first, and their points grow with the time range', () => {
  const shown = items.filter(({ type }) => type === 3).map(({ content }) => content);
  const last = shown.findLastIndex(({ visualization }) => /timechart|linechart/.test(`${visualization}`));
  expect(last).toBeGreaterThan(0);
  for (const { query, visualization } of shown.slice(0, last + 1)) {
    expect(visualization).toMatch(/timechart|linechart/);
    expect(query).toContain('bin(TimeGenerated, {TimeRange:grain})');
  }
});

testOfEvents('the steps of messages are in an order that names every event of a message', async () => {
  const { query = '' } = items.find(({ name }) => name === 'steps-of-messages')?.content ?? {};
  const signals = await readFile(join(root, 'docs', 'signals.md'), 'utf8');
  const steps = [...signals.matchAll(/^\| `message\.(\w+)`/gm)].map(([, step]) => `"${step}"`);
  expect(steps.length > 0).toBe(signals.includes('`message.'));
  for (const step of steps) expect(query).toContain(step);
});

testOfEvents(
  'a message that is announced again counts once while the broker of its queue or topic remembers its id',
  () => {
    const query = items.find(({ name }) => name === 'life-of-messages')?.content.query;
    // Of a topic that says no window it is Azure's default.
    const windows = [
      "source == 'parcel-events', 10m+0s",
      "source == 'parcel-events.billing.retry', 10m+0s",
      "source == 'parcel-events.tracking.retry', 1d+1h+30m+0s",
      "source == 'parcels', 10m+0s",
    ];
    expect(query).toContain(`<= case(isempty(source), 1s, ${windows.join(', ')}, 1s)\n`);
  },
);

test('a question is shown only while the modules that send its signals are on', async () => {
  const questions = await readQuestions();
  for (const { name, conditionalVisibilities } of items.filter(({ type }) => type === 3)) {
    const switches = questions[name]?.modules.map((module) => `On_${module.replaceAll('-', '_')}`);
    expect(conditionalVisibilities?.map(({ parameterName }) => parameterName)).toEqual(switches);
    for (const parameter of switches ?? [])
      expect(parameters.find((one) => one.name === parameter)?.value, parameter).toBe('on');
  }
});

test('a question without a field stops the build and is named', async () => {
  await writeFile(
    join(folder, 'a.kql'),
    '// title: A\n// question: What?\n// chart: pie\n// signals: level 3: custom-events\nAppEvents\n',
  );
  await expect(readQuestions(folder)).rejects.toThrow(/a\.kql: "order" is missing; "chart" is not one of/);
});
