metadata name = 'Basic alerts of the apps'
metadata description = 'The metric alerts on the container apps. Deployed with the apps, because before the first image there are none.'

import { resourceTags } from '../../names.bicep'

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The names of the container apps.')
param appNames string[]

@description('Required. The name of the action group that is told.')
param actionGroupName string

resource apps 'Microsoft.App/containerApps@2025-01-01' existing = [for name in appNames: { name: name }]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: actionGroupName
}

resource restarts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (name, i) in appNames: {
    name: 'restarts-${name}'
    location: 'global'
    tags: tags
    properties: {
      description: 'A replica of ${name} was restarted more than three times. The reason is in ContainerAppSystemLogs.'
      severity: 2
      enabled: true
      scopes: [apps[i].id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'restarts'
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: 'microsoft.app/containerapps'
            metricName: 'RestartCount'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: 3
          }
        ]
      }
      actions: [{ actionGroupId: actionGroup.id }]
    }
  }
]
