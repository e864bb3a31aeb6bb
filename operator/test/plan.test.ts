import { resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { registry } from '../../src/observability/registry.ts';
import { scenario } from '../../test/infra/snapshots.ts';
import { addedResources } from '../../tools/ladder/added-resources.ts';
import { ladderStep } from '../../tools/ladder/ladder-step.ts';
import { removalCommand } from '../../tools/ladder/removal-command.ts';
import { stepText } from '../../tools/ladder/step-text.ts';
import { CommandRefused } from '../command-refused.ts';
import { readBilledBytes } from '../plan/known-volume.ts';
import { readPlanArguments } from '../plan/plan-arguments.ts';

const root = resolve(import.meta.dirname, '../..');
const manifests = registry.map(({ manifest }) => manifest);
const plan = (...argv: string[]) => ladderStep({ root, manifests, ...readPlanArguments(argv) });

describe.each([
  ['1', '2'],
  ['2', '3'],
  ['3', '4'],
  ['1', '4'],
])('from level %s to %s', (lower, upper) => {
  test('the modules are those of the manifests, and going down loses the same', () => {
    const own = manifests.filter(
      ({ level }) => typeof level === 'number' && level > Number(lower) && level <= Number(upper),
    );
    expect(plan(lower, upper)).toMatchObject({ modules: own.map(({ name }) => name) });
    const down = plan(upper, lower);
    expect(down).toMatchObject({ modules: own.map(({ name }) => name) });
    expect(down.lines).toBe(-plan(lower, upper).lines);
    expect(down.cost.resources).toBeCloseTo(-plan(lower, upper).cost.resources);
  });

  test.each(['single', 'split'] as const)(
    'in topology %s the alert rules are those that the snapshots add',
    (topology) => {
      const added = addedResources(scenario(Number(lower), topology), scenario(Number(upper), topology));
      const rules = added.filter(({ type }) => /scheduledQueryRules|metricAlerts|activityLogAlerts/.test(type));
      const planned = plan(lower, upper, '--topology', topology);
      expect(planned.rules.map(({ name }) => name)).toEqual(rules.map(({ name }) => name.replace(/-snapshot$/, '')));
      expect(planned.resources).toEqual(added.map(({ type, name }) => ({ type, name, label: expect.any(String) })));
    },
  );

  test('each resource that stays behind on the way down has a command that removes it, without a made-up name', () => {
    const { removal, resources } = plan(upper, lower, '--topology', 'split');
    expect(removal.length > 0).toBe(resources.length > 0);
    expect(removal.join('\n')).not.toMatch(/snapshot|\b[a-z]*\d[a-z0-9]{12}\b/);
    expect(plan(lower, upper).removal).toEqual([]);
  });
});

test.each([
  [
    'Microsoft.ManagedIdentity/userAssignedIdentities',
    'id-queue-reader-abcdefghijk12',
    '--name id-queue-reader-<its token>',
  ],
  ['Microsoft.Insights/workbooks', '6f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0', '--name <its token>'],
  ['Microsoft.Insights/metricAlerts', 'backlog-parcels-snapshot', '--name backlog-parcels-<environment>'],
])('the command that removes one of %s leaves out what is made up in the name %s', (type, name, shown) => {
  expect(removalCommand({ type, name, id: name, apiVersion: '' })).toContain(`--resource-type ${type} ${shown}`);
});

/** A project may have deleted the module. */
const hasRules = manifests.some(({ name }) => name === 'alert-rules');

test.skipIf(!hasRules)('a rule says who is told, who feels it and what to do first', () => {
  const { rules } = plan('3', '4');
  expect(rules.find(({ name }) => name === 'telemetry-silent')).toEqual({
    name: 'telemetry-silent',
    title: 'A role is silent',
    severity: 1,
    description: expect.stringMatching(/^Who feels it: .* First action: .* Runbook: docs\/runbooks\//),
    tells: ['ag-page'],
  });
  expect(rules.find(({ name }) => name === 'dead-letters-growing')).toMatchObject({
    title: 'Dead letters are growing',
    description: expect.stringMatching(/^Who feels it: /),
    tells: ['ag-ticket'],
  });
});

test('the price of telemetry follows from the measured bytes and the messages of a month', () => {
  const { telemetry } = plan('1', '3', '--messages', '100000000').cost;
  for (const { gb, tables } of [telemetry.before, telemetry.after])
    expect(gb).toBeCloseTo(Object.values(tables).reduce((sum, bytes) => sum + bytes, 0) / 10, 2);
  expect(telemetry.after.tables.AppEvents).toBeGreaterThan(0);
  expect(telemetry.before.tables.AppEvents ?? 0).toBe(0);
  expect(telemetry.after.price).toBeGreaterThan(telemetry.before.price);
});

test('the step is shown at a terminal and as Markdown, with everything that it has', () => {
  const step = plan('2', '3');
  const text = stepText(step, 'text');
  const markdown = stepText(step, 'markdown');
  expect(markdown).toMatch(/^# From level 2 to level 3\n\n## You can answer afterwards\n\n\* /);
  for (const shown of [...step.modules, ...step.questions, ...step.resources.map(({ label }) => label)]) {
    expect(text).toContain(shown);
    expect(markdown).toContain(shown);
  }
  expect(text).not.toContain('How to remove');
  const down = plan('4', '1');
  expect(stepText(down, 'text').includes('How to remove')).toBe(down.removal.length > 0);
});

test('the topology is that of the file, unless it is named', () => {
  const split = { deployment: { topology: 'split' as const, secondRegion: '' }, modules: { add: [], remove: [] } };
  const given = { root, manifests, file: split };
  expect(ladderStep({ ...given, ...readPlanArguments(['1', '2']) }).topology).toBe('split');
  expect(ladderStep({ ...given, ...readPlanArguments(['1', '2', '--topology', 'single']) }).topology).toBe('single');
});

test.each([
  [[]],
  [['1']],
  [['1', '1']],
  [['1', '7']],
  [['1', '2', '3']],
  [['1', '2', '--topology', 'splt']],
  [['1', '2', '--messages', '0']],
  [['1', '2', '--json', '--markdown']],
  [['1', '2', '--volme']],
])('plan with %j is refused with a sentence', (argv) => {
  expect(() => readPlanArguments(argv)).toThrow(CommandRefused);
});

test('the messages of a workspace are its bytes at the level where it stands, divided by those of a message', () => {
  const measured = {
    measuredOn: '2026-11-29',
    levels: { 1: { AppTraces: 1_000 }, 2: { AppTraces: 500, AppEvents: 250 } },
  };
  const given = { ...readPlanArguments(['1', '2']), messages: undefined, billedBytes: 8e9, measured };
  const { telemetry } = ladderStep({ root, manifests, ...given }).cost;
  expect(telemetry).toMatchObject({ messages: 8e6, before: { gb: 8 }, after: { gb: 6 } });
});

test('a workspace is asked for the bytes of messages in 30 days, and one without any is refused', async () => {
  const asked = vi.fn(async (_query: string, _duration: string): Promise<unknown[][]> => [[8_000.5]]);
  expect(await readBilledBytes(asked)).toBe(8_000_500_000);
  expect(asked).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^Usage \| where IsBillable/), 'P30D');
  for (const nothing of [[], [[null]], [[0]]])
    await expect(readBilledBytes(async () => nothing)).rejects.toThrow(CommandRefused);
});
