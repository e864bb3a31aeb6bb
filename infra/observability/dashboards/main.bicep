metadata name = 'Dashboards'
metadata description = 'One workbook: a time range, a role, and one answer to each question of this folder. Workbooks cost nothing.'

import { resourceTags } from '../../names.bicep'
import { fill, valueMap } from '../fill.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the workspace that the questions are asked of.')
param workspaceName string

@description('Required. The level of the service, shown in the workbook.')
param level int

@description('Required. The names of the observability modules that are on: a question without signals is hidden.')
param active string[]

@description('Required. The numbers that stand in queries by name.')
param numbers valueMap

var moduleStates = toObject(
  items(loadJsonContent('../modules.json')),
  module => 'module.${module.key}',
  module => contains(active, module.key) ? 'on' : 'off'
)

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspace.id, 'overview')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Overview of the service'
    category: 'workbook'
    sourceId: workspace.id
    version: 'Notebook/1.0'
    serializedData: fill(loadTextContent('workbook.json'), {
      ...numbers
      ...moduleStates
      level: string(level)
      workspaceId: workspace.id
    })
  }
}

@description('The id of the workbook.')
output workbookId string = workbook.id
