import { expect, test } from 'vitest';
import { createAlertEvaluator } from './alert-evaluator.ts';
import { analyticsRuleResource } from './deployed/analytics-rule-resource.ts';
import type { DeployedRule } from './deployed/rule-resources.ts';

const inFile = {
  title: 'A rule of the tests',
  severity: 'High' as const,
  feels: 'No caller.',
  firstAction: 'None.',
  tactics: ['Impact'],
  techniques: ['T1499'],
  entities: [{ type: 'Account', identifier: 'FullName', column: 'Caller' }],
  period: 'PT1H',
  frequency: 'PT15M',
  operator: 'GreaterThan',
  threshold: 0,
  level: 5,
  modules: ['security-events'],
  query: 'ServiceSecurity_CL',
};
const start = Date.UTC(2026, 10, 22, 12);
const minute = (minutes: number) => new Date(start + minutes * 60_000);
const columns = [{ name: 'Caller', type: 'string' as const }];

/** An evaluator whose queries answer the callers of a story, by the minute for which they are asked. */
function evaluatorOf(rule: DeployedRule, callersAt: (minutes: number) => readonly string[]) {
  const asked: { minutes: number; at: number }[] = [];
  const evaluator = createAlertEvaluator({
    ask: async (_query, minutes, at) => {
      const since = (at.getTime() - start) / 60_000;
      asked.push({ minutes, at: since });
      return { columns, rows: callersAt(since).map((Caller) => ({ Caller })) };
    },
    readMetric: () => [],
  });
  evaluator.deploy([rule]);
  return { ...evaluator, asked };
}
const ruleOf = (changes: Partial<typeof inFile> = {}) =>
  analyticsRuleResource('a-rule', { ...inFile, ...changes }, 'test', {});
const callersOf = (notices: readonly { dimensions: readonly { value: string }[] }[]) =>
  notices.map(({ dimensions }) => dimensions.map(({ value }) => value).join('/'));

test('a check sees the rows of its period as of five minutes ago, at its frequency', async () => {
  const { evaluate, asked } = evaluatorOf(ruleOf(), () => []);
  for (const at of [0, 5, 10, 15, 20, 25, 30]) await evaluate(minute(at));
  expect(asked).toEqual([-5, 10, 25].map((at) => ({ minutes: 60, at })));
});

test('each row is an incident of its entities, which takes up what comes later and which no check closes', async () => {
  const { evaluate, rules } = evaluatorOf(ruleOf(), (at) =>
    at < 40 ? ['one', 'two'] : at < 60 ? ['two', 'three'] : [],
  );
  expect(callersOf(await evaluate(minute(15)))).toEqual(['one', 'two']);
  expect(callersOf(await evaluate(minute(30)))).toEqual([]);
  expect(callersOf(await evaluate(minute(45)))).toEqual(['three']);
  for (let at = 60; at < 24 * 60; at += 15) expect(await evaluate(minute(at))).toEqual([]);
  expect(rules()[0]).toMatchObject({ state: 'fired', severity: 1, alerts: [{}, {}, {}] });
});

test('the trigger counts rows: as many as the threshold are not enough', async () => {
  const { evaluate, rules } = evaluatorOf(ruleOf({ threshold: 2 }), (at) =>
    at < 20 ? ['one', 'two'] : ['one', 'two', 'three'],
  );
  expect(await evaluate(minute(15))).toEqual([]);
  expect(rules()[0]?.criteria).toEqual([{ measure: 'Rows', operator: 'GreaterThan', threshold: 2 }]);
  expect(callersOf(await evaluate(minute(30)))).toEqual(['one', 'three', 'two']);
});

test('an entity that is no column of the result fails the rule, and says which', async () => {
  const { evaluate, rules } = evaluatorOf(
    ruleOf({ entities: [{ type: 'IP', identifier: 'Address', column: 'Address' }] }),
    () => [],
  );
  await evaluate(minute(15));
  expect(rules()[0]).toMatchObject({ state: 'failing', why: 'The query has no column Address' });
});

const properties = (changes: object): DeployedRule => {
  const rule = ruleOf();
  return { ...rule, properties: { ...(rule.properties as object), ...changes } };
};
test.each([
  [
    'an alert for all rows together',
    { eventGroupingSettings: { aggregationKind: 'SingleAlert' } },
    'eventGroupingSettings.aggregationKind',
  ],
  ['suppression', { suppressionEnabled: true }, 'suppressionEnabled'],
  ['a trigger on few rows', { triggerOperator: 'LessThan' }, 'triggerOperator'],
  ['a period of fifteen days', { queryPeriod: 'P15D' }, 'queryPeriod'],
  ['a check that is rarer than its period', { queryFrequency: 'P1D' }, 'queryFrequency'],
  ['details of the result in the alert', { customDetails: { caller: 'Caller' } }, 'customDetails'],
])('%s is refused by name', (_what, changes, property) => {
  const { rules } = evaluatorOf(properties(changes), () => []);
  expect(rules()[0]).toMatchObject({ state: 'refused', why: expect.stringContaining(`: ${property} `) });
});
