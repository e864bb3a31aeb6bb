metadata name = 'Topic'
metadata description = 'One topic with its subscriptions: Bicep has no loop in a loop, so each topic is a module.'

import { topicSettings } from '../entities.bicep'

@description('Required. The name of the namespace.')
param namespaceName string

@description('Required. The name of the topic.')
param name string

@description('Required. The settings of the topic.')
param settings topicSettings

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: name
  properties: toObject(
    filter(items(settings), setting => setting.key != 'subscriptions'),
    setting => setting.key,
    setting => setting.value
  )
}

resource subscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [
  for entry in items(settings.subscriptions): {
    parent: topic
    name: entry.key
    properties: entry.value
  }
]
