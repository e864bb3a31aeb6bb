metadata name = 'Log rules'
metadata description = 'The alerts of the log rules of one module, with the identity that reads the workspace.'

import { resourceTags } from '../names.bicep'
import { fill, valueMap } from 'fill.bicep'
import { logRuleMap } from 'rule-types.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the environment; the titles carry it.')
param environmentName string

@description('Required. The folder of the runbooks.')
param runbooks string

@description('Required. The rules.')
param rules logRuleMap

@description('Required. The values that stand in queries by name.')
param values valueMap

@description('Required. The name of the workspace.')
param workspaceName string

@description('Required. The name of the identity that the queries run with; it reads the workspace.')
param identityName string

@description('Required. The name of the action group that is told of severity 0 and 1.')
param pageGroupName string

@description('Required. The name of the action group that is told of the others.')
param ticketGroupName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource page 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: pageGroupName
}

resource ticket 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: ticketGroupName
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in items(rules): {
    name: rule.key
    location: location
    tags: tags
    kind: 'LogAlert'
    identity: {
      type: 'UserAssigned'
      userAssignedIdentities: { '${identity.id}': {} }
    }
    properties: {
      displayName: '${rule.value.title} (${environmentName})'
      description: 'Who feels it: ${rule.value.feels} First action: ${rule.value.firstAction} Runbook: ${runbooks}/${rule.key}.md'
      severity: rule.value.severity
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: rule.value.frequency
      windowSize: rule.value.window
      autoMitigate: true
      // A new workspace has no rows yet, and Azure then refuses good queries. Ours are checked before they get here.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: fill(rule.value.query, values)
            timeAggregation: rule.value.aggregation
            metricMeasureColumn: rule.value.?measure
            operator: rule.value.operator
            threshold: json(rule.value.threshold)
            dimensions: map(rule.value.dimensions, name => {
              name: name
              operator: 'Include'
              values: ['*']
            })
            failingPeriods: {
              numberOfEvaluationPeriods: rule.value.periods
              minFailingPeriodsToAlert: rule.value.failing
            }
          }
        ]
      }
      actions: { actionGroups: [rule.value.severity <= 1 ? page.id : ticket.id] }
    }
  }
]
