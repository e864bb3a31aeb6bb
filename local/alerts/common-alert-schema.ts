import { queriedMinutes } from './conditions/log-condition.ts';
import type { AlertNotice } from './evaluated-rule.ts';
import { minutesBefore } from './iso-minutes.ts';
import { readLogRuleProperties, readMetricRuleProperties } from './rule-properties.ts';

const subscription = '/subscriptions/00000000-0000-0000-0000-000000000000';
const group = `${subscription}/resourceGroups/local`;

/**
 * What an action group sends of an alert, with the common alert schema switched on, for log alerts (`Log Alerts V2`) and metric
 * alerts (`Platform`): MicrosoftDocs/azure-monitor-docs articles/azure-monitor/alerts/alerts-common-schema.md. The four links to
 * search results are left out: they would lead to Azure. Only a resolved metric alert carries `resolvedDateTime`, as that page
 * says.
 */
export function commonAlertSchema(notice: AlertNotice) {
  const { rule, monitorCondition, dimensions, firedAt, at, id } = notice;
  const isLog = rule.kind === 'scheduledQueryRules';
  const { description, alertContext } = isLog ? logContext(notice) : metricContext(notice);
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: `${subscription}/providers/Microsoft.AlertsManagement/alerts/${id}`,
        alertRule: rule.name,
        alertRuleID: `${group}/providers/microsoft.insights/${rule.kind}/${rule.name}`,
        severity: `Sev${rule.severity}`,
        signalType: isLog ? 'Log' : 'Metric',
        monitorCondition,
        monitoringService: isLog ? 'Log Alerts V2' : 'Platform',
        alertTargetIDs: [`${group}/providers/${rule.target}/local`.toLowerCase()],
        configurationItems: isLog ? configurationItems(dimensions) : ['local'],
        originAlertId: id,
        firedDateTime: firedAt.toISOString(),
        ...(!isLog && monitorCondition === 'Resolved' && { resolvedDateTime: at.toISOString() }),
        description,
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext,
      customProperties: null,
    },
  };
}

/** The first of these that is among the dimensions, as that page says of the API from 2021-08-01 on. */
const configurationItems = (dimensions: AlertNotice['dimensions']): string[] =>
  ['_ResourceId', 'ResourceId', 'Resource', 'Computer']
    .flatMap((name) => dimensions.filter((dimension) => dimension.name === name))
    .slice(0, 1)
    .map(({ value }) => value);

const windowOf = (at: Date, minutes: number) => ({
  windowStartTime: minutesBefore(at, minutes).toISOString(),
  windowEndTime: at.toISOString(),
});

function logContext({ rule, at, dimensions, values }: AlertNotice) {
  const read = readLogRuleProperties(rule.name, rule.properties);
  const [{ query, threshold, dimensions: _split, ...criterion }] = read.criteria.allOf;
  return {
    description: read.description,
    alertContext: {
      properties: null,
      conditionType: 'LogQueryCriteria',
      condition: {
        windowSize: rule.window,
        allOf: [
          {
            searchQuery: query,
            metricMeasureColumn: criterion.metricMeasureColumn,
            targetResourceTypes: null,
            operator: criterion.operator,
            threshold: String(threshold),
            timeAggregation: criterion.timeAggregation,
            dimensions,
            metricValue: values[0] ?? null,
            failingPeriods: criterion.failingPeriods,
          },
        ],
        ...windowOf(at, queriedMinutes(read)),
      },
    },
  };
}

function metricContext({ rule, at, dimensions, values }: AlertNotice) {
  const { description, criteria, windowSize } = readMetricRuleProperties(rule.name, rule.properties);
  return {
    description,
    alertContext: {
      properties: null,
      conditionType: 'SingleResourceMultipleMetricCriteria',
      condition: {
        windowSize: rule.window,
        allOf: criteria.allOf.map(({ metricName, metricNamespace, operator, threshold, timeAggregation }, index) => ({
          metricName,
          metricNamespace,
          operator,
          threshold: String(threshold),
          timeAggregation,
          dimensions,
          metricValue: values[index] ?? null,
        })),
        ...windowOf(at, windowSize),
      },
    },
  };
}
