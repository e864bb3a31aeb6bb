metadata name = 'Container Apps environment'
metadata description = 'Where the container apps run. Its logs travel by diagnostic setting, because a log-analytics destination needs the key of the workspace.'

import { resourceTags } from '../names.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the environment.')
param name string

@description('Required. The virtual network that the apps run in; empty: one of the platform. Azure cannot change it later.')
param networkName string

@description('Required. The workspace that gets the logs; empty: none.')
param workspaceName string

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' existing = if (!empty(networkName)) {
  name: networkName

  resource apps 'subnets' existing = { name: 'apps' }
}

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: { destination: 'azure-monitor' }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    // Azure takes zones only with a subnet and, like the subnet, only when the environment is created.
    zoneRedundant: !empty(networkName)
    // An internal environment could never be opened: whether the service is public is said by its ingress alone.
    ...(empty(networkName) ? {} : { vnetConfiguration: { infrastructureSubnetId: network::apps.id, internal: false } })
  }
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = if (!empty(workspaceName)) {
  name: workspaceName
}

// System logs say why a replica was restarted, killed for memory or failed its probe. Console logs have what a service
// says when its telemetry does not start. The workspace comes first: rows from before the plan are billed as Analytics.
resource containerLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(workspaceName)) {
  scope: environment
  name: 'container-logs'
  properties: {
    workspaceId: workspace.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'ContainerAppSystemLogs'
        enabled: true
      }
      {
        category: 'ContainerAppConsoleLogs'
        enabled: true
      }
    ]
  }
}
