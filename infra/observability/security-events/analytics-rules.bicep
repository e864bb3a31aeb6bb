metadata name = 'Analytics rules'
metadata description = 'The rules of Microsoft Sentinel. Each row that a query answers is an alert, and alerts on the same entities are one incident.'

import { fill, valueMap } from '../fill.bicep'

@description('Required. The name of the environment; the titles carry it.')
param environmentName string

@description('Required. The name of the workspace, on which Sentinel is on.')
param workspaceName string

@description('Required. The values that stand in queries by name.')
param values valueMap

@description('Required. The names of the observability modules that are on: a rule without its signals is left out.')
param active string[]

var rules analyticsRuleMap = loadJsonContent('analytics-rules.json')
var applicable = filter(
  items(rules),
  rule => length(intersection(rule.value.modules, active)) == length(rule.value.modules)
)
var runbooks = 'docs/runbooks/security-events'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

// Sentinel answers for a while that the workspace is not onboarded, although it is: "BadRequest", which is tried again.
@retryOn(['BadRequest'], 5)
resource alertRules 'Microsoft.SecurityInsights/alertRules@2025-09-01' = [
  for rule in applicable: {
    scope: workspace
    name: guid(workspace.id, rule.key)
    kind: 'Scheduled'
    properties: {
      displayName: '${rule.value.title} (${environmentName})'
      description: 'Who feels it: ${rule.value.feels} First action: ${rule.value.firstAction} Runbook: ${runbooks}/${rule.key}.md'
      enabled: true
      severity: rule.value.severity
      query: fill(rule.value.query, values)
      queryFrequency: rule.value.frequency
      queryPeriod: rule.value.period
      triggerOperator: rule.value.operator
      triggerThreshold: rule.value.threshold
      suppressionEnabled: false
      suppressionDuration: 'PT5H'
      tactics: rule.value.tactics
      techniques: rule.value.techniques
      entityMappings: map(rule.value.entities, entity => {
        entityType: entity.type
        fieldMappings: [{ identifier: entity.identifier, columnName: entity.column }]
      })
      eventGroupingSettings: { aggregationKind: 'AlertPerResult' }
      // Two checks see the same rows: without grouping each would open an incident of its own.
      incidentConfiguration: {
        createIncident: true
        groupingConfiguration: {
          enabled: true
          reopenClosedIncident: false
          lookbackDuration: 'P1D'
          matchingMethod: 'AllEntities'
        }
      }
    }
  }
]

@description('What analytics-rules.json holds, by the name of the rule.')
type analyticsRuleMap = {
  @description('Optional. One rule.')
  *: analyticsRule
}

@description('A rule, generated from the header of its file.')
@sealed()
type analyticsRule = {
  @description('Required. What the incident says.')
  title: string

  @description('Required. How bad it can be.')
  severity: 'High' | 'Medium' | 'Low' | 'Informational'

  @description('Required. Who feels it.')
  feels: string

  @description('Required. What to do first.')
  firstAction: string

  @description('Required. Tactics of MITRE ATT&CK.')
  tactics: attackTactic[]

  @description('Required. Techniques of MITRE ATT&CK.')
  techniques: string[]

  @description('Required. What the rows of the result are about.')
  @maxLength(10)
  entities: ruleEntity[]

  @description('Required. How far the query looks back.')
  period: string

  @description('Required. How often the query runs.')
  frequency: string

  @description('Required. How the number of rows is compared.')
  operator: 'Equal' | 'GreaterThan' | 'LessThan' | 'NotEqual'

  @description('Required. What it is compared with.')
  threshold: int

  @description('Required. The level whose signals it reads.')
  level: int

  @description('Required. The modules that send those signals.')
  modules: string[]

  @description('Optional. The drill that proves it; none: no fault on one machine can.')
  drill: string?

  @description('Required. The query.')
  query: string
}

@description('A tactic, as Sentinel names it.')
type attackTactic =
  | 'Collection'
  | 'CommandAndControl'
  | 'CredentialAccess'
  | 'DefenseEvasion'
  | 'Discovery'
  | 'Execution'
  | 'Exfiltration'
  | 'Impact'
  | 'InitialAccess'
  | 'LateralMovement'
  | 'Persistence'
  | 'PrivilegeEscalation'
  | 'Reconnaissance'
  | 'ResourceDevelopment'

@description('A column of the result that identifies an entity.')
@sealed()
type ruleEntity = {
  @description('Required. The kind of the entity.')
  type: 'Account' | 'AzureResource' | 'CloudApplication' | 'IP' | 'URL'

  @description('Required. What of the entity the column holds.')
  identifier: string

  @description('Required. The column.')
  column: string
}
