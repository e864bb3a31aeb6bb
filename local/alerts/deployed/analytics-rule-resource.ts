import { fillQuery } from './query-values.ts';
import type { AnalyticsRuleInFile } from './rule-files.ts';
import type { DeployedRule } from './rule-resources.ts';

const module = 'security-events';
/** Among the severities of Azure Monitor, so that one list can be sorted. */
const severities = { High: 1, Medium: 2, Low: 3, Informational: 4 } as const;

/**
 * What `infra/observability/security-events/analytics-rules.bicep` makes of a rule of Microsoft Sentinel. The resource has a GUID
 * for a name; here it has that of its file.
 */
export function analyticsRuleResource(
  name: string,
  rule: AnalyticsRuleInFile,
  environment: string,
  values: Readonly<Record<string, string>>,
): DeployedRule {
  const runbook = `docs/runbooks/${module}/${name}.md`;
  const { title, feels, firstAction, drill, frequency, period } = rule;
  return {
    ...{ name, rule: name, kind: 'alertRules', module, title, feels, firstAction, runbook, drill, frequency },
    severity: severities[rule.severity],
    window: period,
    target: 'Microsoft.OperationalInsights/workspaces',
    group: 'Microsoft Sentinel',
    properties: {
      displayName: `${title} (${environment})`,
      description: `Who feels it: ${feels} First action: ${firstAction} Runbook: ${runbook}`,
      enabled: true,
      severity: rule.severity,
      query: fillQuery(rule.query, values),
      queryFrequency: frequency,
      queryPeriod: period,
      triggerOperator: rule.operator,
      triggerThreshold: rule.threshold,
      suppressionEnabled: false,
      suppressionDuration: 'PT5H',
      tactics: rule.tactics,
      techniques: rule.techniques,
      entityMappings: rule.entities.map(({ type, identifier, column }) => ({
        entityType: type,
        fieldMappings: [{ identifier, columnName: column }],
      })),
      eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
      incidentConfiguration: {
        createIncident: true,
        groupingConfiguration: {
          enabled: true,
          reopenClosedIncident: false,
          lookbackDuration: 'P1D',
          matchingMethod: 'AllEntities',
        },
      },
    },
  };
}
