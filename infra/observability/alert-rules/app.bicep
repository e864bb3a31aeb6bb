metadata name = 'Alert rules of the apps'
metadata description = 'The metric alert on the memory of each container app. Deployed with the apps, because before the first image there are none.'

import { resourceTags } from '../../names.bicep'
import { metricRuleMap } from '../rule-types.bicep'

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the environment.')
param environmentName string

@description('Required. The names of the container apps.')
param appNames string[]

@description('Required. The name of the action group that is told.')
param groupName string

var rules metricRuleMap = loadJsonContent('metric-rules.json')

module memory '../metric-rule.bicep' = [
  for appName in appNames: {
    params: {
      tags: tags
      environmentName: environmentName
      name: 'memory-${appName}'
      runbook: 'docs/runbooks/alert-rules/memory.md'
      rule: rules.memory
      resourceId: resourceId('Microsoft.App/containerApps', appName)
      groupName: groupName
    }
  }
]
