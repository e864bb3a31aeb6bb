metadata name = 'Alert rules'
metadata description = 'Who must wake up, and why: the log rules of this folder, the metric rules, and the groups that they tell.'

import { resourceTags } from '../../names.bicep'
import { valueMap } from '../fill.bicep'
import { logRuleMap, metricRuleMap } from '../rule-types.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the environment; the titles of the alerts carry it.')
param environmentName string

@description('Required. The address that all alerts go to; empty: no alert is mailed.')
param email string

@description('Required. The names of the observability modules that are on: a rule without its signals is left out.')
param active string[]

@description('Required. The values that stand in queries by name.')
param values valueMap

@description('Required. The name of the workspace.')
param workspaceName string

@description('Required. The name of the Service Bus namespace; empty: none.')
param namespaceName string

@description('Required. The names of the queues.')
param queueNames string[]

@description('Required. The name of the identity that the log rules run with; it reads the workspace.')
param identityName string

@description('Required. When planned work begins (yyyy-MM-ddTHH:mm:ss, UTC); empty: none is planned.')
param maintenanceFrom string

@description('Required. When planned work ends.')
param maintenanceUntil string

var logRules logRuleMap = loadJsonContent('log-rules.json')
var metricRules metricRuleMap = loadJsonContent('metric-rules.json')

// Without Service Bus there is no event of a message, and a rule on one would cost and never fire.
var applicable = filter(
  items(logRules),
  rule =>
    length(intersection(rule.value.modules, active)) == length(rule.value.modules) && (!empty(namespaceName) || !contains(
      rule.value.query,
      '"message.'
    ))
)
var runbooks = 'docs/runbooks/alert-rules'
var maintained = !empty(maintenanceFrom)
var maintenanceEnd = maintained && empty(maintenanceUntil)
  ? fail('MAINTENANCE_FROM is set and MAINTENANCE_UNTIL is not: silence without an end is forgotten. Set both')
  : maintenanceUntil

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = if (!empty(namespaceName)) {
  name: namespaceName
}

var receivers = empty(email)
  ? []
  : [
      {
        name: 'email'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]

// Two groups, so that a team can add a pager to one of them: severity 0 and 1 wake the on-call engineer,
// the others wait until morning.
resource page 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-page'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'page'
    enabled: true
    emailReceivers: receivers
  }
}

resource ticket 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-ticket'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'ticket'
    enabled: true
    emailReceivers: receivers
  }
}

module logAlerts '../log-rules.bicep' = {
  params: {
    location: location
    tags: tags
    environmentName: environmentName
    runbooks: runbooks
    rules: toObject(applicable, rule => rule.key, rule => rule.value)
    values: values
    workspaceName: workspaceName
    identityName: identityName
    pageGroupName: page.name
    ticketGroupName: ticket.name
  }
}

// Azure combines two metrics only where each dimension has one value, so that each queue has a rule of its own. None reads
// telemetry of ours: they tell when it is the telemetry that fails.
module backlogs '../metric-rule.bicep' = [
  for queue in queueNames: {
    params: {
      tags: tags
      environmentName: environmentName
      name: 'backlog-${replace(queue, '/', '-')}'
      runbook: '${runbooks}/backlog.md'
      rule: metricRules.backlog
      resourceId: namespace.id
      dimensions: { EntityName: [queue] }
      groupName: ticket.name
    }
  }
]

// A fixed threshold stays fired until the queue is empty; a learned one tells growth from what lies there already.
module deadLettersGrowing '../metric-rule.bicep' = if (!empty(namespaceName)) {
  params: {
    tags: tags
    environmentName: environmentName
    name: 'dead-letters-growing'
    runbook: '${runbooks}/dead-letters-growing.md'
    rule: metricRules['dead-letters-growing']
    resourceId: namespace.id
    groupName: ticket.name
  }
}

// Alerts still fire and are recorded during planned work; only the telling stops, and it starts again by itself.
resource maintenance 'Microsoft.AlertsManagement/actionRules@2021-08-08' = {
  name: 'maintenance'
  location: 'global'
  tags: tags
  properties: {
    description: 'Planned work: set MAINTENANCE_FROM and MAINTENANCE_UNTIL and provision.'
    enabled: maintained
    scopes: [resourceGroup().id]
    actions: [{ actionType: 'RemoveAllActionGroups' }]
    schedule: maintained
      ? {
          effectiveFrom: maintenanceFrom
          effectiveUntil: maintenanceEnd
          timeZone: 'UTC'
        }
      : null
  }
}
