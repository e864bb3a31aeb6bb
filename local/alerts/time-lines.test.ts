import { someLogRule } from './rules.fixture.ts';
import { testTimeLines } from './time-line.fixture.ts';

const overview = 'alerts-overview.md#stateful-alerts';
const stateless = 'alerts-overview.md#stateless-alerts';
const create = 'alerts-create-log-alert-rule.md';
const count = { query: 'AppRequests | where Success == false', timeAggregation: 'Count', metricMeasureColumn: null };

testTimeLines([
  {
    says: 'an alert fires once while its condition is met, and is resolved when it was not met for three periods of 5 minutes',
    page: overview,
    rule: someLogRule(),
    table: `
      minute | 0 | 5    | 10 | 15 | 20 | 25 | 30   | 35
      api    |   | 3    | 3  |    |    |    |      |
      alerts |   | +api |    |    |    |    | -api |   `,
  },
  {
    says: 'one that flaps fires once: each check that meets the condition begins the time anew',
    page: overview,
    rule: someLogRule(),
    table: `
      minute | 0 | 5    | 10 | 15 | 20 | 25 | 30 | 35 | 40 | 45 | 50   | 55
      api    |   | 1    |    | 1  |    |    | 1  |    |    |    |      | 1
      alerts |   | +api |    |    |    |    |    |    |    |    | -api | +api`,
  },
  {
    says: 'every minute: resolved when not met for 10 minutes',
    page: overview,
    rule: someLogRule({ frequency: 'PT1M', window: 'PT1M' }),
    table: `
      minute | 1    | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12
      api    | 1    |   |   |   |   |   |   |   |   |    |    |
      alerts | +api |   |   |   |   |   |   |   |   |    |    | -api`,
  },
  {
    says: 'ASSUMPTION every 15 minutes stands in two rows of the page: three periods, the later',
    page: overview,
    rule: someLogRule({ frequency: 'PT15M', window: 'PT15M' }),
    table: `
      minute | 0 | 15   | 30 | 45 | 60 | 75   | 90
      api    |   | 1    |    |    |    |      |
      alerts |   | +api |    |    |    | -api |   `,
  },
  {
    says: 'every half hour: resolved after two periods',
    page: overview,
    rule: someLogRule({ frequency: 'PT30M', window: 'PT30M' }),
    table: `
      minute | 0 | 30   | 60 | 90 | 120
      api    |   | 1    |    |    |
      alerts |   | +api |    |    | -api`,
  },
  {
    says: 'without automatic resolution it fires at each check that meets the condition, and nothing resolves it',
    page: stateless,
    rule: someLogRule({ autoMitigate: false }),
    table: `
      minute | 0 | 5    | 10   | 15 | 20 | 25 | 30   | 35
      api    |   | 1    | 1    |    |    |    | 1    |
      alerts |   | +api | +api |    |    |    | +api |   `,
  },
  {
    says: 'muted actions: what fires within 15 minutes of a telling is not told',
    page: `${create}#advanced`,
    rule: someLogRule({ autoMitigate: false, muteActionsDuration: 'PT15M' }),
    table: `
      minute | 0 | 5    | 10    | 15    | 20   | 25    | 30 | 35
      api    |   | 1    | 1     | 1     | 1    | 1     |    | 1
      alerts |   | +api | (api) | (api) | +api | (api) |    | +api`,
  },
  {
    says: 'what is exactly at the threshold is not greater than it',
    page: `${create}#configure-alert-rule-conditions`,
    rule: someLogRule({ criterion: { threshold: 3 } }),
    table: `
      minute | 0 | 5 | 10
      api    |   | 3 | 4
      alerts |   |   | +api`,
  },
  {
    says: 'and is greater than or equal to it',
    page: `${create}#configure-alert-rule-conditions`,
    rule: someLogRule({ criterion: { operator: 'GreaterThanOrEqual', threshold: 3 } }),
    table: `
      minute | 0 | 5 | 10
      api    |   | 2 | 3
      alerts |   |   | +api`,
  },
  {
    says: 'a dimension that appears is a series of its own, and each fires and is resolved by itself',
    page: `${create}#dimensions`,
    rule: someLogRule(),
    table: `
      minute | 0 | 5    | 10      | 15 | 20 | 25   | 30
      api    |   | 1    |         |    |    |      |
      worker |   |      | 1       |    |    |      |
      alerts |   | +api | +worker |    |    | -api | -worker`,
  },
  {
    says: 'a dimension whose rows meet nothing, and one whose rows vanish, end alike',
    page: overview,
    rule: someLogRule({
      criterion: { query: 'AppRequests', timeAggregation: 'Total', metricMeasureColumn: 'ItemCount', threshold: 1 },
    }),
    table: `
      minute | 0  | 5            | 10 | 15 | 20 | 25
      api    | ok | 2            | ok | ok | ok | ok
      worker | ok | 2            |    |    |    |
      alerts |    | +api +worker |    |    |    | -api -worker`,
  },
  {
    says: 'without dimensions there is one series, and rows of all roles count together',
    page: `${create}#dimensions`,
    rule: someLogRule({ criterion: { ...count, dimensions: [], threshold: 2 } }),
    table: `
      minute | 0 | 5 | 10
      api    |   | 2 | 2
      worker |   |   | 1
      alerts |   |   | +all`,
  },
]);
