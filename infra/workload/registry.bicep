metadata name = 'Container registry'
metadata description = 'Holds the image. Pulled by identity; there is no admin user and no anonymous pull.'

import { resourceTags } from '../names.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the registry.')
param name string

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Basic' }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

@description('The host name of the registry.')
output loginServer string = registry.properties.loginServer
