metadata name = 'Network'
metadata description = 'A virtual network with one subnet, which the Container Apps environment has to itself.'

import { resourceTags } from '../names.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the virtual network.')
param name string

// To connect this network with others, choose a range of your own before the first deployment.
var range = '10.80.0.0/24'

// Azure asks for /27 at least and cannot change the size later. /26 is enough for 230 replicas and leaves three quarters
// of the range, such as for private endpoints.
var appsRange = '10.80.0.0/26'

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [range] }
    // Inside the network and not resources of their own: a provision would else remove and add them each time.
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: appsRange
          // Environments with workload profiles take only a subnet that is delegated to them.
          delegations: [
            {
              name: 'apps'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
    ]
  }
}
