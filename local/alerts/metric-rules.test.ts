import { describe, expect, test } from 'vitest';
import type { DeployedRule } from './deployed/rule-resources.ts';
import { firedBy, isDeployed } from './fired-by.fixture.ts';
import { metricRuleCases } from './metric-rule-cases.fixture.ts';

const cases = metricRuleCases.filter(([, rule]) => isDeployed(rule));

test.each(cases)('%s: the rule %s', async (_what, rule, measured, series, at) => {
  expect(await firedBy(rule, { at, measured })).toEqual(series);
});

interface Criterion {
  threshold: number;
  operator: string;
  dimensions: readonly object[];
}

/** Each criterion of a rule with something else. */
const withCriteria =
  (change: (criterion: Criterion) => Partial<Criterion>) =>
  (rule: DeployedRule): DeployedRule => {
    const properties = Object(rule.properties);
    const criteria = properties.criteria as { allOf: Criterion[] };
    const allOf = criteria.allOf.map((criterion) => ({ ...criterion, ...change(criterion) }));
    return { ...rule, properties: { ...properties, criteria: { ...criteria, allOf } } };
  };

/** Harder to meet: twice the threshold, or one further where it is 0 or 1. */
const harder = ({ threshold, operator }: Criterion) => ({
  threshold: operator === 'LessThan' ? threshold - 1 : 2 * threshold || 1,
});

const defects: Record<string, (rule: DeployedRule) => DeployedRule> = {
  'window halved': (rule) => {
    const window = `PT${Math.floor(Number(/^PT(\d+)M$/.exec(rule.window)?.[1]) / 2)}M`;
    return { ...rule, window, properties: { ...Object(rule.properties), windowSize: window } };
  },
  'threshold raised': withCriteria(harder),
  'dimensions lost': withCriteria(() => ({ dimensions: [] })),
};

const split = new Set(['dead-letters', 'failed-requests', 'backlog']);

describe.each([...new Set(cases.map(([, rule]) => rule))])('the rule %s', (rule) => {
  const ofRule = Object.entries(defects).filter(([defect]) => defect !== 'dimensions lost' || split.has(rule));

  test.each(ofRule)('with its %s gives another answer to one of its cases', async (_defect, change) => {
    for (const [, of, measured, series, at] of cases) {
      if (of === rule && JSON.stringify(await firedBy(rule, { at, measured, change })) !== JSON.stringify(series))
        return;
    }
    expect.fail('no case notices it: add one');
  });
});
