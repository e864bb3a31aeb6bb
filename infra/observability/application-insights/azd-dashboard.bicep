metadata name = 'Dashboard for azd'
metadata description = 'One tile that opens Application Insights. "azd monitor" opens the dashboards of the resource group: it looks for nothing else, and fails without one (azd, cmd/monitor.go).'

import { resourceTags } from '../../names.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the dashboard.')
param name string

@description('Required. The name of the Application Insights component.')
param componentName string

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource dashboard 'Microsoft.Portal/dashboards@2022-12-01-preview' = {
  name: name
  location: location
  tags: { ...tags, 'hidden-title': 'Overview of ${componentName}' }
  properties: {
    lenses: [
      {
        order: 0
        parts: [
          {
            position: {
              x: 0
              y: 0
              colSpan: 2
              rowSpan: 1
            }
            // The types of this version know text tiles only; this is the tile of azd's own templates.
            metadata: any({
              type: 'Extension/AppInsightsExtension/PartType/AspNetOverviewPinnedPart'
              inputs: [
                {
                  name: 'id'
                  value: component.id
                }
                {
                  name: 'Version'
                  value: '1.0'
                }
              ]
              asset: {
                idInputName: 'id'
                type: 'ApplicationInsights'
              }
              defaultMenuItemId: 'overview'
            })
          }
        ]
      }
    ]
  }
}
