import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { faultsOf, load, manifests } from './fixtures.ts';

const defaults = {
  sampling: { percent: 100 },
  correlation: { header: 'x-correlation-id' },
  retry: { attempts: 5, firstDelaySeconds: 5, factor: 3, capSeconds: 900, maxReplays: 1 },
  alerts: { email: '' },
  slo: { availabilityBasisPoints: 9950, latencyMs: 500, messageLatencySeconds: 60 },
  cost: { dailyCapMb: 500, monthlyBudget: 0 },
  deployment: {
    topology: 'single',
    network: 'none',
    secondRegion: '',
    public: false,
    allowAnonymous: false,
    operators: '',
    tokens: { issuer: '', audience: '', roles: [] },
    availabilityTest: { everyMinutes: 15, locations: 3 },
  },
};

test('the operators are a group by its object id, and nothing that only looks like one', () => {
  const operators = '11111111-2222-3333-4444-555555555555';
  expect(load({ level: 1, deployment: { operators } }).sections.deployment).toMatchObject({ operators });
  for (const wrong of ['sre-team', 'sre@example.org', operators.slice(1), `{${operators}}`])
    expect(() => load({ level: 1, deployment: { operators: wrong } })).toThrow(
      /deployment\.operators: found .*allowed: the object id of an Entra group/,
    );
});

test('every key but the level may be left out', () => {
  const config = load({ level: 1 });
  expect(config.sections).toEqual(defaults);
  expect(config.notices).toEqual([]);
});

test('a part of a section leaves the defaults of its other keys', () => {
  const { sections } = load({ level: 1, deployment: { availabilityTest: { locations: 5 } } });
  expect(sections.deployment).toEqual({ ...defaults.deployment, availabilityTest: { everyMinutes: 15, locations: 5 } });
});

test('a section is kept while its module is off', () => {
  const { active, sections } = load({ level: 1, modules: { remove: ['traces'] }, sampling: { percent: 5 } });
  expect(active).toEqual(['probes']);
  expect(sections.sampling).toEqual({ percent: 5 });
});

test('null counts as left out at every depth', () => {
  const text = '{"level": 1, "retry": null, "modules": {"add": null}, "deployment": {"tokens": {"issuer": null}}}';
  expect(load(text).sections).toEqual(defaults);
});

test('a byte order mark is skipped', () => {
  expect(load('\uFEFF{"level": 2}').level).toBe(2);
});

test('a level switches on its modules and all below, in the order of the registry', () => {
  expect(load({ level: 1 }).active).toEqual(['traces', 'probes']);
  expect(load({ level: 2 }).active).toEqual(['traces', 'probes']);
  expect(load({ level: 3 }).active).toEqual(['traces', 'probes', 'events']);
  expect(load({ level: 4 }).active).toEqual(['traces', 'probes', 'events']);
});

test('modules are added and removed by name', () => {
  const { active } = load({ level: 1, modules: { add: ['classic', 'events'], remove: ['probes'] } });
  expect(active).toEqual(['traces', 'events', 'classic']);
});

test('an entry that changes nothing is noticed and does not stop a change of level', () => {
  const modules = { add: ['events', 'classic', 'classic'], remove: [] };
  expect(load({ level: 3, modules }).notices).toEqual([
    'observability.json: modules.add: "events" is on already, so that naming it changes nothing',
    'observability.json: modules.add: "classic" is on already, so that naming it changes nothing',
  ]);
  expect(load({ level: 1, modules: { remove: ['events'] } }).notices).toEqual([
    'observability.json: modules.remove: "events" is off already, so that naming it changes nothing',
  ]);
});

test('a variable comes before OBSERVABILITY_CONFIG, that before the file, and the file before the default', () => {
  const file = { level: 2, retry: { factor: 7 } };
  const whole = JSON.stringify({ level: 3, sampling: { percent: 5 } });

  expect(load(file).level).toBe(2);
  expect(load(file).sections.retry).toEqual({ ...defaults.retry, factor: 7 });

  const fromWhole = load(file, { OBSERVABILITY_CONFIG: whole });
  expect(fromWhole.level).toBe(3);
  expect(fromWhole.sections).toEqual({ ...defaults, sampling: { percent: 5 } });

  const fromVariable = load(file, { OBSERVABILITY_CONFIG: whole, OBSERVABILITY_LEVEL: '4' });
  expect(fromVariable.level).toBe(4);
  expect(fromVariable.sections).toMatchObject({ sampling: { percent: 5 } });
});

test('with OBSERVABILITY_LEVEL the file may leave the level out, and is still checked', () => {
  expect(load({}, { OBSERVABILITY_LEVEL: '2' }).level).toBe(2);
  expect(load({ level: null }, { OBSERVABILITY_LEVEL: '2' }).level).toBe(2);
  expect(faultsOf({ level: 9 }, { OBSERVABILITY_LEVEL: '2' })).toHaveLength(1);
});

test('a wrong OBSERVABILITY_LEVEL is a fault of the variable', () => {
  const allowed = '1 (baseline), 2 (recoverable), 3 (explained), 4 (alerting), 5 (governed)';
  expect(faultsOf({}, { OBSERVABILITY_LEVEL: '7' })).toEqual([`OBSERVABILITY_LEVEL: found 7; allowed: ${allowed}`]);
  expect(faultsOf({ level: 1 }, { OBSERVABILITY_LEVEL: 'alertin' })).toEqual([
    `OBSERVABILITY_LEVEL: found "alertin"; allowed: ${allowed}`,
  ]);
});

test('faults in OBSERVABILITY_CONFIG are told under its name', () => {
  expect(faultsOf({ level: 1 }, { OBSERVABILITY_CONFIG: '{"level": 1, "sampling": {"percent": 2}}' })).toEqual([
    'OBSERVABILITY_CONFIG: sampling.percent: found 2; allowed: 1, 5, 50, 100',
  ]);
});

test('the resolved file, given as OBSERVABILITY_CONFIG, resolves to itself', () => {
  const file = { $schema: 'x', level: 3, modules: { add: ['classic'] }, cost: { dailyCapMb: 23 } };
  const first = load(file, { OBSERVABILITY_LEVEL: '2' });
  const resolved = { level: first.level, modules: { add: ['classic'], remove: [] }, ...first.sections };
  const second = load({ level: 4 }, { OBSERVABILITY_CONFIG: JSON.stringify(resolved) });
  expect(second).toEqual(first);
});

test('the file is read from its path, and a missing one is a fault unless OBSERVABILITY_CONFIG stands for it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'con fig-ø-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'observability.json');
  const file = { name: path };

  expect(faultsOf({}, {}, { file })).toEqual([`${path}: found no such file; allowed: a JSON file`]);
  expect(load({}, { OBSERVABILITY_CONFIG: '{"level": 3}' }, { file }).level).toBe(3);
  writeFileSync(path, '{"level": 2}');
  expect(load({}, {}, { file }).level).toBe(2);
  expect(faultsOf({}, {}, { file: { name: folder } })).toEqual([
    `${folder}: found a file that cannot be read (EISDIR); allowed: a JSON file`,
  ]);
});

test('two owners of one section are a mistake in the code, not a fault of the file', () => {
  const others = manifests.map((manifest) => ({ ...manifest, name: `other-${manifest.name}` }));
  expect(() => load({ level: 1 }, {}, { manifests: [...manifests, ...others] })).toThrow(
    'The section "sampling" has two owners.',
  );
});
