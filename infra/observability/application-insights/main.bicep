metadata name = 'Application Insights'
metadata description = 'The workspace and the component on it. Entra is the only way in: no instrumentation key ingests.'

import { resourceTags } from '../../names.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the Log Analytics workspace.')
param workspaceName string

@description('Required. The name of the Application Insights component.')
param componentName string

@description('Required. The name of the dashboard that "azd monitor" opens.')
param dashboardName string

@description('Required. The daily cap in MB. A seat belt: Microsoft says it may not trigger, so the budget is the guard.')
@minValue(23)
param dailyCapMb int

// Bicep has no fractions: whole MB become a decimal number of GB here.
var dailyQuotaGb = '${dailyCapMb / 1000}.${padLeft(dailyCapMb % 1000, 3, '0')}'

// Log alert rules and joins need the Analytics plan; written down because a switch in the portal would silence rules.
// Basic costs a fifth of it and is kept for thirty days: no rule reads what containers write to standard output.
var plans = {
  AppTraces: 'Analytics'
  ContainerAppConsoleLogs: 'Basic'
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    workspaceCapping: { dailyQuotaGb: json(dailyQuotaGb) }
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    publicNetworkAccessForIngestion: 'Enabled'
    publicNetworkAccessForQuery: 'Enabled'
  }

  resource tables 'tables@2025-07-01' = [
    for table in items(plans): {
      name: table.key
      properties: { plan: table.value }
    }
  ]
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
    publicNetworkAccessForIngestion: 'Enabled'
    publicNetworkAccessForQuery: 'Enabled'
  }
}

module azdDashboard 'azd-dashboard.bicep' = {
  params: {
    location: location
    tags: tags
    name: dashboardName
    componentName: component.name
  }
}

@description('Where the service sends telemetry. No secret: without an Entra token the component takes nothing.')
output connectionString string = component.properties.ConnectionString
