metadata name = 'Basic alerts'
metadata description = 'The operator is told, for almost nothing: one action group, the rule that Azure creates anyway, metric alerts inside the ten free time series, one log rule, what Azure says of itself, and a budget where one is given.'

import { resourceTags } from '../../names.bicep'
import { activityRuleMap, logRuleMap, metricRuleMap } from '../rule-types.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the environment; the titles of the alerts carry it.')
param environmentName string

@description('Required. The address that all alerts go to; empty: no alert is mailed.')
param email string

@description('Required. The name of the Application Insights component.')
param componentName string

@description('Required. The name of the workspace.')
param workspaceName string

@description('Required. The name of the identity that the log rules run with; it reads the workspace.')
param identityName string

@description('Required. The name of the Service Bus namespace; empty: none.')
param namespaceName string

@description('Required. The budget of the resource group for a month, in the currency of the subscription; 0: none.')
param monthlyBudget int

@description('Required. The first day of this month (yyyy-MM-dd), with which a budget begins.')
param thisMonth string

var runbooks = 'docs/runbooks/basic-alerts'
var logRules logRuleMap = loadJsonContent('log-rules.json')
var metricRules metricRuleMap = loadJsonContent('metric-rules.json')
var activityRules activityRuleMap = loadJsonContent('activity-rules.json')
var serviceBusRules = filter(items(metricRules), rule => rule.value.scope == 'service-bus' && !empty(namespaceName))

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = if (!empty(namespaceName)) {
  name: namespaceName
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-basic'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'basic'
    enabled: true
    emailReceivers: empty(email)
      ? []
      : [
          {
            name: 'email'
            emailAddress: email
            useCommonAlertSchema: true
          }
        ]
  }
}

// Azure creates this rule with every component, mails the holders of a monitoring role and leaves it behind when the
// component goes. Declared under the same name it is ours: enabled, aimed, and deleted with the rest.
resource failureAnomalies 'Microsoft.AlertsManagement/smartDetectorAlertRules@2021-04-01' = {
  name: 'Failure Anomalies - ${componentName}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The share of failed requests or dependency calls rose in a way that is unusual for this service.'
    state: 'Enabled'
    severity: 'Sev2'
    frequency: 'PT1M'
    detector: { id: 'FailureAnomaliesDetector' }
    scope: [component.id]
    actionGroups: { groupIds: [actionGroup.id] }
  }
}

module metricAlerts '../metric-rule.bicep' = [
  for rule in serviceBusRules: {
    params: {
      tags: tags
      environmentName: environmentName
      name: rule.key
      runbook: '${runbooks}/${rule.key}.md'
      rule: rule.value
      resourceId: namespace.id
      groupName: actionGroup.name
    }
  }
]

module logAlerts '../log-rules.bicep' = {
  params: {
    location: location
    tags: tags
    environmentName: environmentName
    runbooks: runbooks
    rules: logRules
    values: {}
    workspaceName: workspaceName
    identityName: identityName
    pageGroupName: actionGroup.name
    ticketGroupName: actionGroup.name
  }
}

// Alerts on the activity log cost nothing. They know neither severity nor recovery.
resource activityAlerts 'Microsoft.Insights/activityLogAlerts@2020-10-01' = [
  for rule in items(activityRules): {
    name: '${rule.key}-${environmentName}'
    location: 'global'
    tags: tags
    properties: {
      description: '${rule.value.title} (${environmentName}). Who feels it: ${rule.value.feels} First action: ${rule.value.firstAction} Runbook: ${runbooks}/${rule.key}.md'
      enabled: true
      scopes: [rule.value.scope == 'subscription' ? subscription().id : resourceGroup().id]
      condition: {
        allOf: map(
          items(rule.value.conditions),
          condition =>
            length(condition.value) == 1
              ? { field: condition.key, equals: condition.value[0] }
              : { anyOf: map(condition.value, value => { field: condition.key, equals: value }) }
        )
      }
      actions: { actionGroups: [{ actionGroupId: actionGroup.id }] }
    }
  }
]

module budget 'budget.bicep' = if (monthlyBudget > 0) {
  params: {
    monthlyBudget: monthlyBudget
    thisMonth: thisMonth
    actionGroupName: actionGroup.name
  }
}
