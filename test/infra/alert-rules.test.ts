import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateAlertRules, readRules } from '../../tools/bicep/generate-alert-rules.ts';
import { type LogRule, readLogRule } from '../../tools/bicep/log-rule-file.ts';
import { logRuleFaults } from '../../tools/bicep/log-rule-limits.ts';
import { infra, predictedEntities, root } from './bicep.ts';
import { containerApp, ofType, scenario, topologies } from './snapshots.ts';

const observability = join(infra, 'observability');
const { log: rules, metric: metricRules } = await readRules(join(observability, 'alert-rules'));
const basic = await readRules(join(observability, 'basic-alerts'));
const logRules = { ...rules, ...basic.log };
const modules = JSON.parse(await readFile(join(infra, 'observability', 'modules.json'), 'utf8')) as Record<
  string,
  { level: number }
>;
const defaults = JSON.parse(await readFile(join(infra, 'observability', 'defaults.json'), 'utf8'));

const good = `// title: A
// severity: 1
// feels: Callers.
// first action: Look.
// window: PT1H
// frequency: PT5M
// condition: max(burn) > 14.4
// periods: 1 of 1
// dimensions: none
// signals: level 1: application-insights
// drill: broker-down
AppRequests
`;

interface Criterion {
  query?: string;
  metricMeasureColumn?: string | null;
  dimensions?: { name: string; values: string[] }[];
}
const criterionOf = (properties: Record<string, unknown> | undefined): Criterion | undefined =>
  (properties?.criteria as { allOf: Criterion[] } | undefined)?.allOf[0];

test('the rules of level 4 are all there, beside those of a team', () => {
  const first = [
    'availability',
    'backlog',
    'consumer-stalled',
    'daily-cap',
    'daily-cap-reached',
    'dead-letters-growing',
    'dependency-failing',
    'error-budget-fast',
    'error-budget-medium',
    'error-budget-slow',
    'exception-spike',
    'memory',
    'message-latency',
    'oldest-message',
    'retry-storm',
    'telemetry-silent',
  ];
  expect([...Object.keys(rules), ...Object.keys(metricRules)]).toEqual(expect.arrayContaining(first));
});

test('regenerating what Bicep loads, and the table for people, changes nothing', async () => {
  for (const [path, text] of Object.entries(await generateAlertRules()))
    expect(await readFile(join(root, path), 'utf8'), path).toBe(text);
});

describe('the header of a rule', () => {
  test('is read whole', () => {
    expect(readLogRule('a.kql', good)).toMatchObject({
      aggregation: 'Maximum',
      measure: 'burn',
      operator: 'GreaterThan',
      threshold: '14.4',
      dimensions: [],
      query: 'AppRequests\n',
    });
    expect(readLogRule('a.kql', good.replace('max(burn) > 14.4', 'rows > 0'))).toMatchObject({
      aggregation: 'Count',
      threshold: '0',
    });
  });

  test.each(good.split('\n').filter((line) => line.startsWith('//')))('stops the build without "%s"', (line) => {
    const name = /\/\/ ([a-z ]+):/.exec(line)?.[1];
    expect(() => readLogRule('a.kql', good.replace(`${line}\n`, ''))).toThrow(`a.kql: "${name}" is missing`);
  });

  test('stops the build with every fault in one message', () => {
    const bad = good
      .replace('severity: 1', 'severity: 5')
      .replace('max(burn) > 14.4', 'burn over 14')
      .replace('title', 'tilte');
    expect(() => readLogRule('a.kql', bad)).toThrow(
      /"title" is missing; "tilte" is not a field; "condition" is not like .*"severity" is not a number from 0 to 4/,
    );
  });
});

describe('what Azure refuses and no compiler notices', () => {
  const rule = readLogRule('a.kql', good);
  const cases: [why: string, change: Partial<LogRule>, fault: RegExp][] = [
    ['a window that does not exist', { window: 'PT7H' }, /window PT7H is not one of/],
    ['a frequency that does not exist', { frequency: 'PT20M' }, /frequency PT20M is not one of/],
    ['a look back of more than two days', { window: 'P1D', periods: 3 }, /more than 48 hours/],
    [
      'more rows of time than the window holds',
      { query: 'AppRequests | where TimeGenerated > ago(2h)' },
      /ago\(2h\) reaches further back/,
    ],
    ['an evaluation rarer than the window', { window: 'PT5M', frequency: 'PT1H' }, /less often than it looks back/],
    ['seven dimensions', { dimensions: [...'abcdefg'] }, /at most 6 dimensions/],
    ['seven periods', { window: 'PT5M', periods: 7 }, /1 to 6 periods/],
    ['more failing periods than periods', { failing: 2 }, /1 to all of its periods/],
    [
      'an evaluation a day, which cannot resolve itself',
      { window: 'P1D', frequency: 'P1D' },
      /at least every 12 hours/,
    ],
    ['a minute by minute union', { window: 'PT1M', frequency: 'PT1M', query: 'union AppRequests' }, /PT1M forbids/],
    ['a plugin', { query: 'AppRequests | evaluate bag_unpack(Properties)' }, /bag_unpack, pivot and narrow/],
    ['a reserved name', { query: 'AppRequests | summarize AggregatedValue = count()' }, /reserved/],
    ['a computed time', { query: 'let w = 5m; AppRequests | where TimeGenerated > ago(w)' }, /a literal only/],
    ['too long a query', { query: `// ${'x'.repeat(65_536)}` }, /longer than 64 KB/],
  ];
  test.each(cases)('%s', (_why, change, fault) => {
    expect(logRuleFaults(rule)).toEqual([]);
    expect(logRuleFaults({ ...rule, ...change }).join('; ')).toMatch(fault);
  });
});

test('a backlog is a queue that was never empty and completed nothing', () => {
  expect(metricRules.backlog?.criteria).toMatchObject({
    waiting: { metric: 'ActiveMessages', aggregation: 'Minimum', operator: 'GreaterThan', threshold: 0 },
    completed: { metric: 'CompleteMessage', aggregation: 'Total', operator: 'LessThan', threshold: 1 },
  });
});

describe.each(topologies)('deployed in topology %s', (topology) => {
  const deployed = ofType(scenario(4, topology), 'Microsoft.Insights/scheduledQueryRules');
  const apps = (['app', 'worker'] as const).flatMap((kind) => containerApp(scenario(4, topology), kind) ?? []);
  const expectedRoles = apps.map(({ env }) => `"${env.SERVICE_NAME}"`).join(', ');

  test('the rule on silence expects the roles under which the deployed apps report, and no others', () => {
    expect(apps.map(({ env }) => env.SERVICE_NAME)).toHaveLength(topology === 'split' ? 2 : 1);
    const { properties } = deployed.find(({ name }) => name === 'telemetry-silent') ?? {};
    expect(criterionOf(properties)?.query).toContain(`datatable(AppRoleName: string) [${expectedRoles}];`);
  });

  test('each queue has a rule on its backlog, and both of its conditions watch that queue alone', () => {
    const backlogs = ofType(scenario(4, topology), 'Microsoft.Insights/metricAlerts').filter(({ name }) =>
      name.startsWith('backlog-'),
    );
    const queues = Object.keys(predictedEntities.queues).sort();
    expect(backlogs.map(({ name }) => name)).toEqual(queues.map((queue) => `backlog-${queue}-snapshot`));
    for (const [i, { properties }] of backlogs.entries()) {
      const dimensions = [{ name: 'EntityName', operator: 'Include', values: [queues[i]] }];
      expect(properties?.criteria).toMatchObject({
        allOf: [
          { metricName: 'CompleteMessage', timeAggregation: 'Total', operator: 'LessThan', threshold: 1, dimensions },
          {
            metricName: 'ActiveMessages',
            timeAggregation: 'Minimum',
            operator: 'GreaterThan',
            threshold: 0,
            dimensions,
          },
        ],
      });
    }
  });

  test('each app has a rule on its memory, which fires before the platform ends a replica', () => {
    const named = ['app', 'worker'] as const;
    const found = named.flatMap((kind) => containerApp(scenario(4, topology), kind) ?? []);
    expect(found).toHaveLength(topology === 'split' ? 2 : 1);
    for (const { resource, container } of found) {
      const alert = ofType(scenario(4, topology), 'Microsoft.Insights/metricAlerts').find(
        ({ name }) => name === `memory-${resource.name}-snapshot`,
      );
      expect(alert?.properties?.scopes).toEqual([expect.stringMatching(new RegExp(`/${resource.name}$`))]);
      const { memory } = (container as unknown as { resources: { memory: string } }).resources;
      const criteria = alert?.properties?.criteria as { allOf: { threshold: number }[] } | undefined;
      const share = (criteria?.allOf[0]?.threshold ?? 0) / (Number.parseFloat(memory) * 1024 ** 3);
      expect(share).toBeCloseTo(0.8);
    }
  });

  test('every log rule is there once, with its query, window, frequency and condition, and the environment in its title', () => {
    expect(deployed.map(({ name }) => name).sort()).toEqual(Object.keys(logRules).sort());
    for (const { name, properties } of deployed) {
      const rule = logRules[name];
      expect(properties).toMatchObject({
        displayName: `${rule?.title} (snapshot)`,
        severity: rule?.severity,
        windowSize: rule?.window,
        evaluationFrequency: rule?.frequency,
        autoMitigate: true,
        enabled: true,
        criteria: {
          allOf: [{ operator: rule?.operator, threshold: Number(rule?.threshold), timeAggregation: rule?.aggregation }],
        },
      });
      const criterion = criterionOf(properties);
      // The same text that the generator's numbers give for local use.
      const filled = rule?.query.replaceAll(/\{\{(\w+)\.(\w+)\}\}/g, (_all, section, key) =>
        section === 'service' ? expectedRoles : String(defaults[section][key]),
      );
      expect(criterion?.query).toBe(filled);
      expect(criterion?.metricMeasureColumn ?? undefined).toBe(rule?.measure);
      expect(criterion?.dimensions?.map((dimension) => dimension.name)).toEqual(rule?.dimensions);
    }
  });

  test('every rule asks one workspace with an identity of its own that may read it', () => {
    const [workspace] = ofType(scenario(4, topology), 'Microsoft.OperationalInsights/workspaces');
    for (const { identity, properties } of deployed) {
      expect(properties?.scopes).toEqual([workspace?.id]);
      expect(Object.keys(identity?.userAssignedIdentities ?? {})).toEqual([expect.stringContaining('/id-rules-')]);
    }
  });

  test('severity 0 and 1 wake somebody, the others open a ticket', () => {
    for (const { properties } of deployed.filter(({ name }) => name in rules)) {
      const group = Number(properties?.severity) <= 1 ? 'ag-page' : 'ag-ticket';
      expect(properties?.actions).toEqual({ actionGroups: [expect.stringMatching(new RegExp(`/${group}$`))] });
    }
  });

  test('the rule on dead letters is split by entity, and its threshold is learned', () => {
    const alert = ofType(scenario(4, topology), 'Microsoft.Insights/metricAlerts').find(
      ({ name }) => name === 'dead-letters-growing-snapshot',
    );
    expect(alert?.properties).toMatchObject({
      severity: metricRules['dead-letters-growing']?.severity,
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria',
        allOf: [
          {
            criterionType: 'DynamicThresholdCriterion',
            metricName: 'DeadletteredMessages',
            dimensions: [{ name: 'EntityName', values: ['*'] }],
          },
        ],
      },
    });
  });
});

test('the signals of a rule come from modules of the level that it names, and those are on wherever the rule is', () => {
  for (const [name, rule] of Object.entries(rules)) {
    const needed = rule.modules.map((module) => modules[module]?.level ?? Number.NaN);
    expect(Math.max(...needed), name).toBe(rule.level);
    expect(rule.level, name).toBeLessThanOrEqual(4);
  }
});

const parts = [
  '## What it means',
  '## What it cannot see',
  '## Who feels it',
  '## Look here',
  '## Do this',
  '## Silence it honestly',
];

test.each([
  ['alert-rules', { ...rules, ...metricRules }],
  ['basic-alerts', { ...basic.log, ...basic.metric, ...basic.activity }],
])(
  'every rule of %s has its runbook, with the parts that somebody needs at night, and no runbook is left over',
  async (module, all) => {
    const runbooks = join(root, 'docs', 'runbooks', module);
    expect((await readdir(runbooks)).map((file) => basename(file, '.md')).sort()).toEqual(Object.keys(all).sort());
    for (const [name, { title }] of Object.entries(all)) {
      const text = await readFile(join(runbooks, `${name}.md`), 'utf8');
      expect(text.startsWith(`# ${title}\n`), name).toBe(true);
      for (const part of parts) expect(text, name).toContain(`\n${part}\n`);
    }
  },
);

test('the availability test runs at least twice from each place within the window of its rule', async () => {
  const schema = JSON.parse(await readFile(join(root, 'docs', 'observability.schema.json'), 'utf8'));
  const { everyMinutes } = schema.properties.deployment.properties.availabilityTest.properties;
  const minutes = Number(/^PT(\d+)M$/.exec(metricRules.availability?.window ?? '')?.[1]);
  expect(minutes).toBeGreaterThanOrEqual(2 * Math.max(...everyMinutes.enum));
});

test('metric alerts use windows and frequencies that Azure has', () => {
  for (const { name, properties } of ofType(scenario(4, 'split'), 'Microsoft.Insights/metricAlerts')) {
    expect(['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D'], name).toContain(properties?.windowSize);
    expect(['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H'], name).toContain(properties?.evaluationFrequency);
  }
});

test.each([
  ['error-budget-fast', 0.02, 1],
  ['error-budget-medium', 0.05, 6],
  ['error-budget-slow', 0.1, 24],
])('%s fires at the speed that spends its share of a month of thirty days within its window', (name, share, hours) => {
  const rule = rules[name];
  expect(rule?.window).toBe({ 1: 'PT1H', 6: 'PT6H', 24: 'P1D' }[hours]);
  expect(Number(rule?.threshold)).toBeCloseTo((share * 30 * 24) / hours);
  // The short window ends the alert with the trouble; a twelfth of the long one, but never below the lag of ingestion.
  const short = Number(/recent = TimeGenerated > ago\((\d+)([mh])\)/.exec(rule?.query ?? '')?.[1]);
  expect(short * (hours === 24 ? 60 : 1)).toBe(Math.max((hours * 60) / 12, 10));
});

test('a stall is looked for among the messages of a day, in twice the time, and each message counts once', () => {
  const rule = rules['consumer-stalled'];
  expect(rule?.window).toBe('P2D');
  expect(rule?.query).toContain('queuedAt between (ago(1d) .. ago(15m))');
  expect(rule?.query).toContain('| where isnotempty(messageId)\n');
  expect(rule?.query).toContain('by entity, messageId\n');
});

const burnRates = ['error-budget-fast', 'error-budget-medium', 'error-budget-slow'];

test.each(burnRates)(
  '%s waits for ten failures, however many requests there are, and counts what broke off',
  (name) => {
    expect(rules[name]?.query).toContain('| where bad >= 10 and recentTotal > 0\n');
    expect(rules[name]?.query).toContain(
      'failed = toint(ResultCode) >= 500 or (Success == false and toint(ResultCode) < 400)',
    );
  },
);

test('the lowest objective is the first at which the fastest rule can fire, and no other rule asks for more', async () => {
  const schema = JSON.parse(await readFile(join(root, 'docs', 'observability.schema.json'), 'utf8'));
  const { minimum } = schema.properties.slo.properties.availabilityBasisPoints;
  const fastest = Math.max(...burnRates.map((name) => Number(rules[name]?.threshold)));
  // When every request fails, the budget burns 1 / budget times too fast.
  const fires = (basisPoints: number) => 1 / (1 - basisPoints / 10_000) > fastest;
  expect([fires(minimum - 1), fires(minimum)]).toEqual([false, true]);
});
