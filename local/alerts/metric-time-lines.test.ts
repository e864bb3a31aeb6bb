import { someMetricRule } from './rules.fixture.ts';
import { testTimeLines } from './time-line.fixture.ts';

const overview = 'alerts-overview.md#stateful-alerts';
const series = 'alerts-metric-multiple-time-series-single-rule.md';
const troubleshoot = 'alerts-troubleshoot-metric.md';
const everyEntity = { dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }] };
const only = (entity: string) => ({ dimensions: [{ name: 'EntityName', operator: 'Include', values: [entity] }] });

testTimeLines([
  {
    says: 'a metric alert fires once and is resolved when its condition was not met for three checks in a row',
    page: overview,
    rule: someMetricRule(),
    table: `
      minute | 0 | 5    | 10 | 15 | 20 | 25   | 30
      Depth  | 1 | 11   | 12 | 1  | 1  | 1    | 1
      alerts |   | +all |    |    |    | -all |   `,
  },
  {
    says: 'one that flaps stays fired: a check that meets the condition begins the count anew',
    page: overview,
    rule: someMetricRule(),
    table: `
      minute | 0 | 5    | 10 | 15 | 20 | 25 | 30 | 35
      Depth  | 1 | 11   | 1  | 1  | 11 | 1  | 1  | 1
      alerts |   | +all |    |    |    |    |    | -all`,
  },
  {
    says: 'a metric exactly at its threshold is not above it',
    page: `${troubleshoot}#metric-alert-didnt-fire-when-it-should-have`,
    rule: someMetricRule(),
    table: `
      minute | 0 | 5  | 10
      Depth  | 1 | 10 | 11
      alerts |   |    | +all`,
  },
  {
    says: 'the average of a window is over all that was measured in it',
    page: 'alerts-types.md#metric-alerts',
    rule: someMetricRule({ frequency: 'PT1M', window: 'PT5M', criteria: [{ timeAggregation: 'Average' }] }),
    table: `
      minute | 1       | 2 | 3 | 4
      Depth  | 8 8 8 8 | 8 | 8 | 40
      alerts |         |   |   | +all`,
  },
  {
    says: 'a window ends with what is older than it',
    page: `${troubleshoot}#metric-alert-didnt-fire-when-it-should-have`,
    rule: someMetricRule({ frequency: 'PT5M', window: 'PT15M', criteria: [{ timeAggregation: 'Total' }] }),
    table: `
      minute | 0 | 5 | 10 | 15   | 20 | 25 | 30
      Depth  | 6 | 2 | 2  | 8    | 0  | 0  | 0
      alerts |   |   |    | +all |    |    | -all`,
  },
  {
    says: 'ASSUMPTION no value is no check: what has fired stays, and clear checks are counted anew',
    page: `${troubleshoot}#metric-alert-didnt-fire-when-it-should-have`,
    rule: someMetricRule(),
    table: `
      minute | 0 | 5    | 10 | 15 | 20 | 25 | 30 | 35
      Depth  | 1 | 11   | 1  | 1  |    | 1  | 1  | 1
      alerts |   | +all |    |    |    |    |    | -all`,
  },
  {
    says: 'every value of a dimension is a series of its own, also one that appears later',
    page: `${series}#advanced-multi-dimension-features`,
    rule: someMetricRule({ criteria: [everyEntity] }),
    table: `
      minute         | 0 | 5      | 10     | 15 | 20 | 25
      Depth of north | 1 | 11     | 1      | 1  | 1      | 1
      Depth of south |   |        | 11     | 11 | 11     | 11
      alerts         |   | +north | +south |    | -north |   `,
  },
  {
    says: 'ASSUMPTION an entity that vanishes is not resolved: nothing says that its trouble is over',
    page: `${series}#metric-alerts-pricing`,
    rule: someMetricRule({ criteria: [everyEntity] }),
    table: `
      minute         | 0 | 5      | 10 | 15 | 20 | 25
      Depth of north | 1 | 11     |    |    |    |
      Depth of south | 1 | 1      | 1  | 1  | 1  | 1
      alerts         |   | +north |    |    |    |   `,
  },
  {
    says: 'a named value of a dimension: the others are not looked at',
    page: `${series}#multiple-dimensions-multi-dimension`,
    rule: someMetricRule({ criteria: [only('north')] }),
    table: `
      minute         | 0 | 5  | 10
      Depth of north | 1 | 1  | 11
      Depth of south | 1 | 11 | 11
      alerts         |   |    | +north`,
  },
  {
    says: 'two criteria: both must hold to fire, and one that fails for three checks resolves',
    page: 'alerts-types.md#applying-multiple-conditions-to-a-metric-alert-rule',
    rule: someMetricRule({
      criteria: [
        only('north'),
        { ...only('north'), name: 'done', metricName: 'Done', operator: 'LessThan', threshold: 1 },
      ],
    }),
    table: `
      minute         | 0 | 5  | 10     | 15 | 20 | 25
      Depth of north | 1 | 11 | 11     | 11 | 11 | 11
      Done of north  | 0 | 1  | 0      | 1  | 1  | 1
      alerts         |   |    | +north |    |    | -north`,
  },
  {
    says: 'without automatic resolution it fires at each check that meets the condition',
    page: `${troubleshoot}#the-metric-alert-is-not-triggered-every-time-the-condition-is-met`,
    rule: someMetricRule({ autoMitigate: false }),
    table: `
      minute | 0 | 5    | 10   | 15 | 20 | 25
      Depth  | 1 | 11   | 11   | 1  | 1  | 1
      alerts |   | +all | +all |    |    |   `,
  },
]);
