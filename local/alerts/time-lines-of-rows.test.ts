import { failedByRole, someLogRule } from './rules.fixture.ts';
import { testTimeLines } from './time-line.fixture.ts';

const create = 'alerts-create-log-alert-rule.md';
const violations = `${create}#configure-alert-rule-conditions`;
const latency = 'alerts-troubleshoot-log.md#a-log-search-alert-didnt-fire-when-it-should-have';
const misfires = 'alerts-troubleshoot-log.md#a-log-search-alert-fired-when-it-shouldnt-have';
const count = { query: 'AppRequests | where Success == false', timeAggregation: 'Count', metricMeasureColumn: null };
const twoOfThree = { failingPeriods: { numberOfEvaluationPeriods: 3, minFailingPeriodsToAlert: 2 } };
const byWindow = 'AppRequests | where Success == false | project TimeGenerated, AppRoleName, ItemCount';

testTimeLines([
  {
    says: 'no rows are 0 rows: a rule that looks for few of them fires, and is resolved by rows',
    page: 'alerts-types.md#log-alerts',
    rule: someLogRule({
      criterion: { ...count, query: 'AppRequests', dimensions: [], operator: 'LessThan', threshold: 1 },
    }),
    table: `
      minute | 0    | 5  | 10 | 15 | 20   | 25
      api    |      | ok | ok | ok | ok   |
      alerts | +all |    |    |    | -all | +all`,
  },
  {
    says: 'no rows are no number: a rule on a column does not fire, whatever its operator',
    page: 'alerts-types.md#log-alerts',
    rule: someLogRule({ criterion: { dimensions: [], operator: 'LessThan', threshold: 1 } }),
    table: `
      minute | 0 | 5 | 10
      api    |   |   |
      alerts |   |   |   `,
  },
  {
    says: 'rows that come late fire at the next check whose window has them',
    page: latency,
    rule: someLogRule({ window: 'PT15M' }),
    table: `
      minute | 0 | 5 | 10 | 15
      api    |   |   |    | 2@4
      alerts |   |   |    | +api`,
  },
  {
    says: 'ASSUMPTION rows that come after their windows are gone do not fire: no check is made again to fire',
    page: latency,
    rule: someLogRule(),
    table: `
      minute | 0 | 5 | 10 | 15
      api    |   |   |    | 2@4
      alerts |   |   |    |   `,
  },
  {
    says: 'ASSUMPTION rows that come late for a clear check keep the alert: its time begins after that check',
    page: misfires,
    rule: someLogRule(),
    table: `
      minute | 0 | 5    | 10 | 15 | 20   | 25   | 30 | 35   | 40
      api    |   | 1    |    |    | 1@14 |      |    |      |
      alerts |   | +api |    |    |      |      |    | -api |   `,
  },
  {
    says: 'several periods: two of the last three must fail',
    page: violations,
    rule: someLogRule({
      criterion: { query: byWindow, metricMeasureColumn: 'ItemCount', timeAggregation: 'Total', ...twoOfThree },
    }),
    table: `
      minute | 0 | 5 | 10 | 15 | 20 | 25 | 30
      api    |   | 1 |    |    | 1  |    | 1
      alerts |   |   |    |    |    |    | +api`,
  },
  {
    says: 'several periods: each is compared by itself, not their sum',
    page: violations,
    rule: someLogRule({
      criterion: {
        query: byWindow,
        metricMeasureColumn: 'ItemCount',
        timeAggregation: 'Total',
        threshold: 4,
        ...twoOfThree,
      },
    }),
    table: `
      minute | 0 | 5 | 10 | 15 | 20
      api    |   | 4 | 4  | 5  | 5
      alerts |   |   |    |    | +api`,
  },
  {
    says: 'the window limits the query, also one that reaches further back itself',
    page: 'azure-docs:articles/azure-monitor/alerts/alerts-unified-log.md#query-time-range',
    rule: someLogRule({
      criterion: { query: failedByRole.replace('where', 'where TimeGenerated > ago(1d) and'), threshold: 1 },
    }),
    table: `
      minute | 0 | 5 | 10 | 15
      api    |   | 1 | 1  | 2
      alerts |   |   |    | +api`,
  },
  {
    says: 'both ends of the window belong to it',
    page: 'alerts-common-schema.md#sample-log-search-alert-when-the-monitoringservice--log-alerts-v2',
    rule: someLogRule({ criterion: { threshold: 1 } }),
    table: `
      minute | 0 | 5 | 10
      api    |   |   | 1@5 1@10
      alerts |   |   | +api`,
  },
  {
    says: 'a query time range of its own: the query sees an hour, the last window is compared',
    page: violations,
    rule: someLogRule({
      overrideQueryTimeRange: 'PT1H',
      criterion: {
        query: `${byWindow} | extend all = toscalar(AppRequests | count)`,
        metricMeasureColumn: 'all',
        threshold: 3,
      },
    }),
    table: `
      minute | 0 | 5 | 10 | 15 | 20   | 25
      api    |   | 2 |    | 1  | 1    |
      alerts |   |   |    |    | +api |   `,
  },
  {
    says: 'sampled rows: one row that stands for 20 requests counts 20',
    page: 'azure-monitor-docs:articles/azure-monitor/app/sampling-classic-api.md#brief-summary',
    rule: someLogRule({ criterion: { threshold: 19 } }),
    table: `
      minute | 0 | 5 | 10   | 15
      api    |   | 3 | 1x20 | 1x19
      alerts |   |   | +api |   `,
  },
  {
    says: 'a rule looks at its frequency only',
    page: `${create}#frequency`,
    rule: someLogRule({ frequency: 'PT10M', window: 'PT10M' }),
    table: `
      minute | 0 | 5 | 10   | 15 | 20
      api    |   | 1 |      |    |
      alerts |   |   | +api |    |   `,
  },
]);
