import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { businesses } from '../../src/business/index.ts';
import { definedEvents } from '../../src/observability/events.ts';
import { readAnalyticsRules, readRuleFiles } from '../alerts/deployed/rule-files.ts';
import { drills } from './catalogue/index.ts';
import { notDrillable } from './not-drillable.ts';

const root = join(import.meta.dirname, '../..');
const modules = ['basic-alerts', 'alert-rules'] as const;
const infra = (module: string, file: string) => join(root, 'infra/observability', module, file);
/** A module of rules can be deleted, and with it its rules. */
const present = modules.filter((module) => existsSync(infra(module, 'metric-rules.json')));

/** A rule that reads an event of a business is that business's own, and so is its drill. */
const ofBusinesses = definedEvents().filter((event) =>
  businesses.some(({ name }) => event.name.startsWith(`${name}.`)),
);
const isOfTemplate = (rule: object): boolean =>
  !('query' in rule) || !ofBusinesses.some(({ name }) => String(rule.query).includes(`"${name}"`));

/** The rules of a module, each with the drill that proves it. */
const rulesOf = (module: string): [name: string, rule: { drill?: string | undefined }][] => {
  if (module === 'security-events') return Object.entries(readAnalyticsRules(root));
  const { log, metric } = readRuleFiles(root, module === 'basic-alerts' ? module : 'alert-rules');
  return Object.entries({ ...log, ...metric });
};
const withRules = [
  ...present,
  ...(existsSync(infra('security-events', 'analytics-rules.json')) ? ['security-events'] : []),
];

const rules = new Map(withRules.flatMap((module) => rulesOf(module).filter(([, rule]) => isOfTemplate(rule))));
const activityRules = present
  .map((module) => infra(module, 'activity-rules.json'))
  .filter((path) => existsSync(path))
  .flatMap((path) => Object.keys(JSON.parse(readFileSync(path, 'utf8'))));
const all = [...rules.keys(), ...activityRules];
const proven = new Set(drills.flatMap(({ mustFire }) => mustFire.map(({ rule }) => rule)));

test('each rule is fired by a drill, or stands among those that no drill can fire', () => {
  expect(all.filter((rule) => proven.has(rule) === Object.hasOwn(notDrillable, rule))).toEqual([]);
});

test('each rule that a drill expects exists, as does each that no drill can fire', () => {
  const expected = drills.flatMap(({ mustFire, mayFire = [] }) => [...mustFire, ...mayFire].map(({ rule }) => rule));
  const named = [...expected, ...Object.keys(notDrillable)];
  const missing = [...new Set(named)].filter((rule) => !all.includes(rule));
  expect(withRules.length === modules.length + 1 ? missing : []).toEqual([]);
});

test('the drill that a rule names in its header is one that must fire it', () => {
  const wrong = [...rules].filter(([name, { drill }]) => {
    const proves = drills.find((each) => each.name === drill)?.mustFire.some(({ rule }) => rule === name);
    return drill === undefined ? !Object.hasOwn(notDrillable, name) : !proves;
  });
  expect(wrong.map(([name, { drill }]) => `${name}: ${drill}`)).toEqual([]);
});

test('drills have names of their own, and say each rule once', () => {
  expect(new Set(drills.map(({ name }) => name)).size).toBe(drills.length);
  for (const { name, mustFire, mayFire = [] } of drills) {
    const named = [...mustFire, ...mayFire].map(({ rule, from }) => `${rule} from ${from}`);
    expect(named, name).toEqual([...new Set(named)]);
  }
});

test('the runbook of each rule names the drill that fires it, or says why none can', () => {
  const untold = withRules.flatMap((module) =>
    rulesOf(module)
      .filter(([name]) => rules.has(name))
      .filter(([name, { drill }]) => {
        const page = readFileSync(join(root, 'docs/runbooks', module, `${name}.md`), 'utf8');
        return !page.includes(drill === undefined ? String(notDrillable[name]) : `npm run drill -- ${drill} `);
      })
      .map(([name]) => name),
  );
  expect(untold).toEqual([]);
});
