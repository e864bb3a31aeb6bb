metadata name = 'Dead letters'
metadata description = 'The operational log of Service Bus: who changed a queue, and when. The dead letters themselves are read from the queue.'

@description('Required. The name of the Service Bus namespace.')
param namespaceName string

@description('Required. The name of the workspace.')
param workspaceName string

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource operationalLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'operational-logs'
  properties: {
    workspaceId: workspace.id
    // Without it the rows land in AzureDiagnostics instead of the AZMS tables.
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'OperationalLogs'
        enabled: true
      }
    ]
  }
}
