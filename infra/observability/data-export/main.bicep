metadata name = 'Data export'
metadata description = 'Rows that an auditor asks for, in storage in which they cannot be changed or deleted: exported as they arrive, from now on.'

import { resourceTags } from '../../names.bicep'

@description('Required. The region, which is that of the workspaces.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the storage account.')
param accountName string

@description('Required. The name of the workspace with the telemetry.')
param workspaceName string

@description('Required. The name of the workspace with the security events; empty: none.')
param securityWorkspaceName string

@description('Required. For how many days after its creation a blob cannot be changed or deleted.')
@minValue(1)
@maxValue(146000)
param immutableDays int

@description('Required. Whether that holds for good: then no person, the owner and Microsoft included, can shorten it.')
param locked bool

// What the business and the operators did, and who changed a queue. Requests and calls are traffic: add them if you must show them.
var exported = ['AppEvents', 'AZMSOperationalLogs']
var exportedSecurity = ['AzureActivity', 'SecurityAlert', 'SecurityIncident', 'ServiceSecurity_CL']

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource securityWorkspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = if (!empty(securityWorkspaceName)) {
  name: securityWorkspaceName
}

// The policy belongs to the account, because the export makes a container for each table when the first row comes.
resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'AzureServices'
    }
    immutableStorageWithVersioning: {
      enabled: true
      immutabilityPolicy: {
        state: locked ? 'Locked' : 'Unlocked'
        immutabilityPeriodSinceCreationInDays: immutableDays
        // The export appends to blobs: without this it fails.
        allowProtectedAppendWrites: true
      }
    }
  }
}

resource export 'Microsoft.OperationalInsights/workspaces/dataExports@2025-02-01' = {
  parent: workspace
  name: 'export'
  properties: {
    destination: { resourceId: account.id }
    tableNames: exported
    enable: true
  }
}

resource securityExport 'Microsoft.OperationalInsights/workspaces/dataExports@2025-02-01' = if (!empty(securityWorkspaceName)) {
  parent: securityWorkspace
  name: 'export'
  properties: {
    destination: { resourceId: account.id }
    tableNames: exportedSecurity
    enable: true
  }
}
