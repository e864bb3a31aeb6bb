import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AnalyticsRule, readAnalyticsRule } from '../../tools/bicep/analytics-rule-file.ts';
import { analyticsRuleFaults } from '../../tools/bicep/analytics-rule-limits.ts';
import { createKqlChecker } from '../../tools/bicep/check-kql.ts';
import { readAnalyticsRules } from '../../tools/bicep/generate-analytics-rules.ts';
import { infra, root } from './bicep.ts';

const rules = await readAnalyticsRules();
const modules = JSON.parse(await readFile(join(infra, 'observability/modules.json'), 'utf8')) as Record<
  string,
  { level: number }
>;
const check = createKqlChecker(
  JSON.parse(await readFile(join(infra, 'observability/log-analytics-schema.json'), 'utf8')),
);

const good = `// title: A
// severity: High
// feels: Callers.
// first action: Look.
// tactics: Impact, Persistence
// techniques: T1499
// entities: Account FullName = Caller, IP Address = Address
// period: P14D
// frequency: PT1H
// trigger: rows > 0
// signals: level 5: security-events, dead-letters
// drill: none
ServiceSecurity_CL
`;

describe('the header of an analytics rule', () => {
  test('is read whole', () => {
    expect(readAnalyticsRule('a.kql', good)).toEqual({
      title: 'A',
      severity: 'High',
      feels: 'Callers.',
      firstAction: 'Look.',
      tactics: ['Impact', 'Persistence'],
      techniques: ['T1499'],
      entities: [
        { type: 'Account', identifier: 'FullName', column: 'Caller' },
        { type: 'IP', identifier: 'Address', column: 'Address' },
      ],
      period: 'P14D',
      frequency: 'PT1H',
      operator: 'GreaterThan',
      threshold: 0,
      level: 5,
      modules: ['security-events', 'dead-letters'],
      query: 'ServiceSecurity_CL\n',
    });
    expect(readAnalyticsRule('a.kql', good.replace('drill: none', 'drill: calm')).drill).toBe('calm');
  });

  test.each(good.split('\n').filter((line) => line.startsWith('//')))('stops the build without "%s"', (line) => {
    const name = /\/\/ ([a-z ]+):/.exec(line)?.[1];
    expect(() => readAnalyticsRule('a.kql', good.replace(`${line}\n`, ''))).toThrow(`"${name}" is missing`);
  });

  test('stops the build with every fault in one message', () => {
    const bad = good.replace('High', '1').replace('rows > 0', 'max(x) > 0').replace('Account FullName', 'FullName');
    expect(() => readAnalyticsRule('a.kql', bad)).toThrow(
      /a.kql: "severity" is not High.*"trigger" is not like .*the entity "FullName = Caller" is not like/,
    );
  });
});

describe('what Sentinel refuses and no compiler notices', () => {
  const rule = readAnalyticsRule('a.kql', good);
  const cases: [why: string, change: Partial<AnalyticsRule>, fault: RegExp][] = [
    ['a period of more than fourteen days', { period: 'P15D' }, /period is not 5 minutes to 14 days/],
    ['a frequency of less than five minutes', { frequency: 'PT4M' }, /frequency is not 5 minutes/],
    ['a duration of another form', { period: 'PT14D' }, /period is not 5 minutes/],
    ['a rule that is evaluated less often than it looks back', { period: 'PT30M' }, /less often than it looks back/],
    [
      'a query that reaches further back',
      { query: 'T | where TimeGenerated > ago(15d)' },
      /ago\(15d\) reaches further/,
    ],
    ['a query of 10,001 characters', { query: 'x'.repeat(10_001) }, /longer than 10,000/],
    ['a search of everything', { query: 'search * | take 1' }, /not allowed/],
    ['a tactic of another list', { tactics: ['Evasion'] }, /Evasion is no tactic/],
    ['a sub-technique', { techniques: ['T1562.008'] }, /T1562.008 is not T and four digits/],
    ['a rule on nothing', { entities: [] }, /1 to 10 entities/],
    [
      'an identifier of another entity',
      { entities: [{ type: 'IP', identifier: 'Name', column: 'a' }] },
      /an entity IP is not identified by Name/,
    ],
  ];
  test.each(cases)('%s', (_why, change, fault) => {
    expect(analyticsRuleFaults(rule)).toEqual([]);
    expect(analyticsRuleFaults({ ...rule, ...change }).join('; ')).toMatch(fault);
  });
});

test.each(Object.entries(rules))('the rule %s is valid, and its entities are columns of its result', (_name, rule) => {
  const { faults, columns } = check(rule.query.replaceAll('{{deployment.resourceGroups}}', '"rg-dev"'));
  expect(faults).toEqual([]);
  expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(rule.entities.map(({ column }) => column)));
  expect(Math.max(...rule.modules.map((module) => modules[module]?.level ?? Number.NaN))).toBe(rule.level);
});

test('a call is counted by what its row stands for, never by rows', () => {
  for (const [name, { query }] of Object.entries(rules))
    if (!name.startsWith('replay-')) expect(query, name).not.toMatch(/\bcount\(\)/);
});

const parts = [
  'What it means',
  'What it cannot see',
  'Who feels it',
  'Look here',
  'Do this',
  'Try it',
  'Silence it honestly',
];

test('every analytics rule has its runbook with all parts, and no runbook is left over', async () => {
  const folder = join(root, 'docs/runbooks/security-events');
  const pages = (await readdir(folder).catch(() => [])).map((file) => basename(file, '.md')).sort();
  expect(pages).toEqual(Object.keys(rules).sort());
  for (const [name, { title }] of Object.entries(rules)) {
    const text = await readFile(join(folder, `${name}.md`), 'utf8');
    expect(text.startsWith(`# ${title}\n`), name).toBe(true);
    for (const part of parts) expect(text, name).toContain(`\n## ${part}\n`);
  }
});
