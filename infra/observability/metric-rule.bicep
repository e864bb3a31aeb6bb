metadata name = 'Metric rule'
metadata description = 'The alert of one metric rule on one resource. Its name is all that the subject of a mail shows, so that it carries the environment.'

import { resourceTags } from '../names.bicep'
import { dimensionMap, metricRule } from 'rule-types.bicep'

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the environment.')
param environmentName string

@description('Required. The name of the rule, with that of the resource or queue where there is one of it for each.')
param name string

@description('Required. The path of the runbook.')
param runbook string

@description('Required. The rule.')
param rule metricRule

@description('Required. The id of the resource that it watches.')
param resourceId string

@description('Optional. Dimensions with their values beside those of the rule.')
param dimensions dimensionMap = {}

@description('Required. The name of the action group that is told.')
param groupName string

var serviceBus = 'Microsoft.ServiceBus/namespaces'
var containerApp = 'Microsoft.App/containerApps'
var metricNamespaces = { 'service-bus': serviceBus, queue: serviceBus, app: containerApp, ingress: containerApp }
var criteria = map(items(rule.criteria), criterion => {
  name: criterion.key
  metricNamespace: metricNamespaces[rule.scope]
  metricName: criterion.value.metric
  timeAggregation: criterion.value.aggregation
  operator: criterion.value.operator
  dimensions: map(items({ ...criterion.value.dimensions, ...dimensions }), dimension => {
    name: dimension.key
    operator: 'Include'
    values: dimension.value
  })
  ...(criterion.value.kind == 'learned'
    ? {
        criterionType: 'DynamicThresholdCriterion'
        alertSensitivity: criterion.value.sensitivity
        failingPeriods: {
          numberOfEvaluationPeriods: criterion.value.periods
          minFailingPeriodsToAlert: criterion.value.failing
        }
      }
    : {
        criterionType: 'StaticThresholdCriterion'
        threshold: criterion.value.threshold
      })
})
var learns = contains(map(items(rule.criteria), criterion => criterion.value.kind), 'learned')

resource group 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: groupName
}

resource alert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-${environmentName}'
  location: 'global'
  tags: tags
  properties: {
    description: '${rule.title} (${environmentName}). Who feels it: ${rule.feels} First action: ${rule.firstAction} Runbook: ${runbook}'
    severity: rule.severity
    enabled: true
    scopes: [resourceId]
    evaluationFrequency: rule.frequency
    windowSize: rule.window
    autoMitigate: true
    criteria: learns
      ? {
          // Azure learns thresholds only in the kind for several resources.
          'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
          allOf: criteria
        }
      : {
          'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
          allOf: criteria
        }
    actions: [{ actionGroupId: group.id }]
  }
}
