metadata name = 'Basic alerts of the apps'
metadata description = 'The metric alerts on the container apps. Deployed with the apps, because before the first image there are none.'

import { resourceTags } from '../../names.bicep'
import { metricRuleMap } from '../rule-types.bicep'

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the environment; the titles of the alerts carry it.')
param environmentName string

@description('Required. The names of the container apps; the first answers callers.')
param appNames string[]

@description('Required. The name of the action group that is told.')
param actionGroupName string

var metricRules metricRuleMap = loadJsonContent('metric-rules.json')
var watched = flatten(map(
  items(metricRules),
  rule =>
    map(rule.value.scope == 'app' ? appNames : rule.value.scope == 'ingress' ? take(appNames, 1) : [], appName => {
      ...rule
      appName: appName
    })
))

module metricAlerts '../metric-rule.bicep' = [
  for rule in watched: {
    params: {
      tags: tags
      environmentName: environmentName
      name: '${rule.key}-${rule.appName}'
      runbook: 'docs/runbooks/basic-alerts/${rule.key}.md'
      rule: rule.value
      resourceId: resourceId('Microsoft.App/containerApps', rule.appName)
      groupName: actionGroupName
    }
  }
]
