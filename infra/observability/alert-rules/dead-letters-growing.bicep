metadata name = 'Dead letters growing'
metadata description = 'The metric rule on dead letters, split by queue and subscription.'

import { resourceTags } from '../../names.bicep'
import { metricRule } from 'types.bicep'

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The rule.')
param rule metricRule

@description('Required. The name of the Service Bus namespace.')
param namespaceName string

@description('Required. The name of the action group that is told.')
param groupName string

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: groupName
}

// A fixed threshold stays fired until the queue is empty; a learned one tells growth from what lies there already.
resource deadLettersGrowing 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'dead-letters-growing'
  location: 'global'
  tags: tags
  properties: {
    description: 'Who feels it: ${rule.feels} First action: ${rule.firstAction} Runbook: docs/runbooks/dead-letters-growing.md'
    severity: rule.severity
    enabled: true
    scopes: [namespace.id]
    evaluationFrequency: rule.frequency
    windowSize: rule.window
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'growing'
          criterionType: 'DynamicThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: rule.metric!
          timeAggregation: rule.aggregation!
          operator: rule.operator!
          alertSensitivity: rule.sensitivity!
          failingPeriods: {
            numberOfEvaluationPeriods: rule.periods!
            minFailingPeriodsToAlert: rule.failing!
          }
          dimensions: map(rule.dimensions!, name => {
            name: name
            operator: 'Include'
            values: ['*']
          })
        }
      ]
    }
    actions: [{ actionGroupId: group.id }]
  }
}
