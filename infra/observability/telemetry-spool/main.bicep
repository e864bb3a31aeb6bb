metadata name = 'Telemetry spool'
metadata description = 'Console logs on the Basic plan: what the service could not deliver as telemetry it says on standard output, and that must not be lost with the replica.'

@description('Required. The name of the Container Apps environment.')
param environmentName string

@description('Required. The name of the workspace.')
param workspaceName string

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' existing = {
  name: environmentName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

// A fifth of the price of Analytics, kept for thirty days; alert rules cannot read it and none does.
resource consoleTable 'Microsoft.OperationalInsights/workspaces/tables@2025-07-01' = {
  parent: workspace
  name: 'ContainerAppConsoleLogs'
  properties: { plan: 'Basic' }
}

resource consoleLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: environment
  name: 'console-logs'
  properties: {
    workspaceId: workspace.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'ContainerAppConsoleLogs'
        enabled: true
      }
    ]
  }
  // Rows that arrive before the plan is set are billed as Analytics.
  dependsOn: [consoleTable]
}
