metadata name = 'Security events'
metadata description = 'Who did what, and is anyone working against us: a workspace of its own with Microsoft Sentinel, the table that the service writes to, and the rules on it. Sentinel bills all that lies in its workspace, so that telemetry stays in the other.'

import { resourceTags } from '../../names.bicep'
import { valueMap } from '../fill.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the environment; the titles of the rules carry it.')
param environmentName string

@description('Required. The name of the workspace.')
param workspaceName string

@description('Required. The name of the data collection rule, through which the service writes.')
param ruleName string

@description('Required. The identities with which the service writes.')
param writerNames string[]

@description('Required. The object id of the Entra group whose members run the runbooks; empty: none.')
param operators string

@description('Required. The values that stand in queries by name.')
param values valueMap

@description('Required. The names of the observability modules that are on: a rule without its signals is left out.')
param active string[]

var tableName = 'ServiceSecurity_CL'
var stream = 'Custom-${tableName}'

// The workspace adds columns of its own to every table, and refuses them from us.
var own = ['SourceSystem', 'TenantId', 'Type']
var columns = filter(
  loadJsonContent('../log-analytics-schema.json', 'tables.ServiceSecurity_CL.columns'),
  column => !startsWith(column.name, '_') && !contains(own, column.name)
)

// Sentinel keeps 90 days for nothing; a year, for those who learn late, is kept on the cheap plan behind a search job.
var freeDays = 90
var keptDays = 365
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: freeDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    publicNetworkAccessForIngestion: 'Enabled'
    publicNetworkAccessForQuery: 'Enabled'
  }

  resource table 'tables@2025-07-01' = {
    name: tableName
    properties: {
      plan: 'Analytics'
      totalRetentionInDays: keptDays
      schema: {
        name: tableName
        // The table and the rule spell one type differently.
        columns: map(
          columns,
          column => { name: column.name, type: column.type == 'datetime' ? 'dateTime' : column.type }
        )
      }
    }
  }

  resource activityTable 'tables@2025-07-01' = {
    name: 'AzureActivity'
    properties: { totalRetentionInDays: keptDays }
  }
}

resource onboarding 'Microsoft.SecurityInsights/onboardingStates@2025-09-01' = {
  scope: workspace
  name: 'default'
  properties: {}
}

// "Direct": the rule has an address of its own, so that no data collection endpoint is needed.
resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: ruleName
  location: location
  tags: tags
  kind: 'Direct'
  properties: {
    streamDeclarations: { '${stream}': { columns: columns } }
    destinations: {
      logAnalytics: [
        {
          name: 'security'
          workspaceResourceId: workspace.id
        }
      ]
    }
    dataFlows: [
      {
        streams: [stream]
        destinations: ['security']
        transformKql: 'source'
        outputStream: stream
      }
    ]
  }
  dependsOn: [workspace::table]
}

resource writers 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in writerNames: { name: name }
]

// Despite its name the role is the one for writing through a data collection rule. It reads nothing.
resource write 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in writerNames: {
    scope: rule
    name: guid(rule.id, name, metricsPublisher)
    properties: {
      description: '${name} writes its security events.'
      principalId: writers[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
    }
  }
]

resource writeAsOperator 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operators)) {
  scope: rule
  name: guid(rule.id, operators, metricsPublisher)
  properties: {
    description: 'The operators write that they replayed or purged dead letters.'
    principalId: operators
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

module activity 'azure-activity.bicep' = {
  scope: subscription()
  params: {
    name: 'security-${environmentName}'
    groupName: resourceGroup().name
    workspaceName: workspace.name
  }
}

module analyticsRules 'analytics-rules.bicep' = {
  params: {
    environmentName: environmentName
    workspaceName: workspace.name
    values: values
    active: active
  }
  // Sentinel refuses a rule whose tables the workspace does not have yet.
  dependsOn: [onboarding, workspace::table, workspace::activityTable]
}

@description('The address that takes security events.')
output endpoint string = rule.properties.endpoints.logsIngestion

@description('The id of the rule, which the address asks for.')
output rule string = rule.properties.immutableId
