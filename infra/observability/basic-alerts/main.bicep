metadata name = 'Basic alerts'
metadata description = 'The operator is told, for almost nothing: one action group, the rule that Azure creates anyway, metric alerts inside the ten free time series, and a budget where one is given.'

import { resourceTags } from '../../names.bicep'

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The address that all alerts go to; empty: no alert is mailed.')
param email string

@description('Required. The name of the Application Insights component.')
param componentName string

@description('Required. The name of the Service Bus namespace; empty: none.')
param namespaceName string

@description('Required. The budget of the resource group for a month, in the currency of the subscription; 0: none.')
param monthlyBudget int

@description('Required. The first day of this month (yyyy-MM-dd), with which a budget begins.')
param thisMonth string

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

resource failedRequests 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'failed-requests'
  location: 'global'
  tags: tags
  properties: {
    description: 'More than ten requests failed in a quarter of an hour. Look at Failures in Application Insights.'
    severity: 2
    enabled: true
    scopes: [component.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'failed'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'microsoft.insights/components'
          metricName: 'requests/failed'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 10
          // Callers' own faults are counted as failed too; these codes are ours.
          dimensions: [
            {
              name: 'request/resultCode'
              operator: 'Include'
              values: ['500', '502', '503', '504']
            }
          ]
        }
      ]
    }
    actions: [{ actionGroupId: actionGroup.id }]
  }
}

// Split by entity, or one full dead-letter queue hides the next. Counts read 0 while the namespace is throttled, which
// looks like a recovery and is none.
resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!empty(namespaceName)) {
  name: 'dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages lie in a dead-letter queue. List them with "npm run dead-letters -- list".'
    severity: 3
    enabled: true
    scopes: [namespace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead-lettered'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: ['*']
            }
          ]
        }
      ]
    }
    actions: [{ actionGroupId: actionGroup.id }]
  }
}

module budget 'budget.bicep' = if (monthlyBudget > 0) {
  params: {
    monthlyBudget: monthlyBudget
    thisMonth: thisMonth
    actionGroupName: actionGroup.name
  }
}
