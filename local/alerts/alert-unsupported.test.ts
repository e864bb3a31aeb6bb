import { expect, test } from 'vitest';
import { AlertUnsupported } from './alert-unsupported.ts';
import { readLogRuleProperties, readMetricRuleProperties } from './rule-properties.ts';
import { someLogRule, someMetricRule } from './rules.fixture.ts';

const dimension = (operator: string) => ({ dimensions: [{ name: 'AppRoleName', operator, values: ['api'] }] });
const refusal = (read: () => unknown): AlertUnsupported => {
  try {
    read();
  } catch (error) {
    if (error instanceof AlertUnsupported) return error;
    throw error;
  }
  throw new Error('The rule was taken');
};

test.each([
  ['a property that is not known', someLogRule({ targetResourceTypes: [] }), 'targetResourceTypes'],
  [
    'a property of a criterion',
    someLogRule({ criterion: { resourceIdColumn: 'x' } }),
    'criteria.allOf.0.resourceIdColumn',
  ],
  ['a rule that is off', someLogRule({ enabled: false }), 'enabled'],
  ['an operator', someLogRule({ criterion: { operator: 'Equals' } }), 'criteria.allOf.0.operator'],
  [
    'dimensions that are left out',
    someLogRule({ criterion: dimension('Exclude') }),
    'criteria.allOf.0.dimensions.0.operator',
  ],
  ['a duration of seconds', someLogRule({ window: 'PT30S' }), 'windowSize'],
  ['muted actions of a rule that resolves itself', someLogRule({ muteActionsDuration: 'PT5M' }), 'muteActionsDuration'],
  [
    'a learned threshold',
    someLogRule({ criterion: { criterionType: 'DynamicThresholdCriterion', alertSensitivity: 'High' } }),
    'criteria.allOf.0.criterionType',
  ],
  [
    'a column that is counted',
    someLogRule({ criterion: { timeAggregation: 'Count' } }),
    'criteria.allOf.0.metricMeasureColumn',
  ],
  [
    'more failing periods than there are',
    someLogRule({ criterion: { failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 2 } } }),
    'criteria.allOf.0.failingPeriods',
  ],
])('a log rule with %s is refused, and names rule and property', (_what, { name, properties }, property) => {
  const { rule, property: named, message } = refusal(() => readLogRuleProperties(name, properties));
  expect({ rule, named }).toEqual({ rule: 'a-rule', named: property });
  expect(message).toContain(`The rule a-rule is not evaluated on this machine: ${property} `);
});

const availability = { criteria: { 'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria' } };

test.each([
  [
    'a learned threshold',
    someMetricRule({ criteria: [{}, { criterionType: 'DynamicThresholdCriterion', alertSensitivity: 'High' }] })
      .properties,
    'criteria.allOf.1.criterionType',
    /Azure learns/,
  ],
  [
    'the locations of a test',
    { ...Object(someMetricRule().properties), ...availability },
    'criteria',
    /availability test/,
  ],
  ['a property', someMetricRule({ targetResourceRegion: 'x' }).properties, 'targetResourceRegion', /not known here/],
  [
    'criteria with different dimensions',
    someMetricRule({ criteria: [{}, dimension('Include')] }).properties,
    'criteria.allOf',
    /different dimensions/,
  ],
])('a metric rule with %s is refused by name', (_what, properties, property, reason) => {
  const { property: named, message } = refusal(() => readMetricRuleProperties('a-rule', properties));
  expect(named).toBe(property);
  expect(message).toMatch(reason);
});
