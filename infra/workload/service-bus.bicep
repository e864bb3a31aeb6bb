metadata name = 'Service Bus'
metadata description = 'The namespace with the queues and topics of queues.json. Standard from level 1 on: what Azure cannot change later must not change with the level.'

import { queueMap, topicMap } from '../entities.bicep'
import { resourceTags } from '../names.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the namespace.')
param name string

@description('Required. The queues by name.')
param queues queueMap

@description('Required. The topics by name.')
param topics topicMap

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for entry in items(queues): {
    parent: namespace
    name: entry.key
    properties: entry.value
  }
]

module topic 'topic.bicep' = [
  for entry in items(topics): {
    params: {
      namespaceName: namespace.name
      name: entry.key
      settings: entry.value
    }
  }
]

@description('The host name of the namespace, without scheme and port.')
output host string = split(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':')[0]
