metadata name = 'Azure activity'
metadata description = 'What was done to the resources of the subscription, and by whom. The activity log belongs to the subscription, and so does its setting.'

targetScope = 'subscription'

@description('Required. The name of the setting. A subscription has five at most.')
param name string

@description('Required. The resource group of the workspace.')
param groupName string

@description('Required. The name of the workspace.')
param workspaceName string

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' existing = {
  name: groupName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  scope: group
  name: workspaceName
}

resource activity 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: name
  properties: {
    workspaceId: workspace.id
    logs: [
      for category in ['Administrative', 'Policy', 'Security']: {
        category: category
        enabled: true
      }
    ]
  }
}
