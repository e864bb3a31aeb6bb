metadata name = 'Front'
metadata description = 'One address before both regions of a public service: callers reach the first one that is ready.'

import { resourceTags } from '../../names.bicep'

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the profile and of its endpoint.')
param name string

@description('Required. The apps that answer callers, in the order in which they are tried.')
@maxLength(2)
param apps answeringApp[]

@description('An app that answers callers.')
@sealed()
type answeringApp = {
  @description('Required. Its name.')
  name: string

  @description('Required. Its resource group.')
  group: string
}

resource answering 'Microsoft.App/containerApps@2025-01-01' existing = [
  for app in apps: {
    scope: resourceGroup(app.group)
    name: app.name
  }
]

resource profile 'Microsoft.Cdn/profiles@2025-04-15' = {
  name: name
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2025-04-15' = {
  parent: profile
  name: name
  location: 'global'
  tags: tags
  properties: { enabledState: 'Enabled' }
}

resource originGroup 'Microsoft.Cdn/profiles/originGroups@2025-04-15' = {
  parent: profile
  name: 'regions'
  properties: {
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
    }
    // Each of some hundred places of Front Door asks for itself: a shorter interval is billed as requests of the apps.
    healthProbeSettings: {
      probePath: '/health/ready'
      probeProtocol: 'Https'
      probeRequestType: 'HEAD'
      probeIntervalInSeconds: 60
    }
  }
}

resource origins 'Microsoft.Cdn/profiles/originGroups/origins@2025-04-15' = [
  for (app, i) in apps: {
    parent: originGroup
    name: 'region-${i + 1}'
    properties: {
      hostName: answering[i].properties.configuration.ingress.fqdn
      originHostHeader: answering[i].properties.configuration.ingress.fqdn
      httpsPort: 443
      priority: i + 1
      weight: 1000
      enforceCertificateNameCheck: true
      enabledState: 'Enabled'
    }
  }
]

resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-04-15' = {
  parent: endpoint
  name: 'all'
  properties: {
    originGroup: { id: originGroup.id }
    patternsToMatch: ['/*']
    supportedProtocols: ['Https']
    forwardingProtocol: 'HttpsOnly'
    httpsRedirect: 'Disabled'
    linkToDefaultDomain: 'Enabled'
    enabledState: 'Enabled'
  }
  // Azure refuses a route to a group without origins.
  dependsOn: [origins]
}

@description('The host name that callers use.')
output host string = endpoint.properties.hostName
