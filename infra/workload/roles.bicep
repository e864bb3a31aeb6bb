metadata name = 'Roles'
metadata description = 'Every role of an identity of the service, each with its reason. None is wider than its sentence needs.'

@description('Required. The identity of the container app that answers callers.')
param appIdentityName string

@description('Required. The identity of the container app that works on messages; empty: the app does both.')
param workerIdentityName string

@description('Required. The identities that read how many messages lie in the queues: of the scaler, and of the module queue-metrics.')
param measurerNames string[]

@description('Required. The identity that the log alert rules run with; empty: there are none.')
param ruleIdentityName string

@description('Required. The identities with which the businesses send.')
param senderNames string[]

@description('Required. The identities with which failed messages are retried: a retry that waits is a scheduled copy, which is a send.')
param retrierNames string[]

@description('Required. The identity with which the handlers receive; empty: there are none.')
param receiverName string

@description('Required. The name of the container registry.')
param registryName string

@description('Required. The name of the Service Bus namespace; empty: none.')
param namespaceName string

@description('Required. The names of the queues.')
param queueNames string[]

@description('Required. The names of the topics.')
param topicNames string[]

@description('Required. The name of the Application Insights component; empty: none.')
param componentName string

@description('Required. The name of the workspace; empty: none.')
param workspaceName string

var roleIds = {
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  serviceBusDataOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893'
}

var appNames = filter([appIdentityName, workerIdentityName], name => !empty(name))
var sending = union(senderNames, retrierNames)
var queuePairs = pairs(length(measurerNames), queueNames)
var topicPairs = pairs(length(measurerNames), topicNames)

@description('One measurer and one entity, by their places in the lists.')
type measuredEntity = {
  @description('Required. The place of the identity.')
  measurer: int

  @description('Required. The place of the entity.')
  entity: int

  @description('Required. The name of the entity.')
  name: string
}

@description('Every measurer with every entity.')
func pairs(measurers int, names string[]) measuredEntity[] =>
  flatten(map(
    range(0, measurers),
    measurer => map(range(0, length(names)), entity => { measurer: measurer, entity: entity, name: names[entity] })
  ))

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = {
  name: registryName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = if (!empty(namespaceName)) {
  name: namespaceName

  resource queues 'queues' existing = [for name in queueNames: { name: name }]

  resource topics 'topics' existing = [for name in topicNames: { name: name }]
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = if (!empty(componentName)) {
  name: componentName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = if (!empty(workspaceName)) {
  name: workspaceName
}

resource appIdentities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in appNames: { name: name }
]

resource senderIdentities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in sending: { name: name }
]

resource receiverIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = if (!empty(receiverName)) {
  name: receiverName
}

resource measurerIdentities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in measurerNames: { name: name }
]

resource ruleIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = if (!empty(ruleIdentityName)) {
  name: ruleIdentityName
}

// A container app starts by pulling the image.
resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in appNames: {
    scope: registry
    name: guid(registry.id, name, roleIds.acrPull)
    properties: {
      description: '${name} pulls the image of the service.'
      principalId: appIdentities[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.acrPull)
    }
  }
]

// The component takes telemetry with an Entra token only; despite its name this role is the one for all telemetry.
resource publish 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in appNames: if (!empty(componentName)) {
    scope: component
    name: guid(component.id, name, roleIds.monitoringMetricsPublisher)
    properties: {
      description: '${name} sends its telemetry.'
      principalId: appIdentities[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roleIds.monitoringMetricsPublisher
      )
    }
  }
]

// The namespace belongs to this service alone: one role for all its entities, so that a new queue needs no new role.
resource send 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in sending: {
    scope: namespace
    name: guid(namespace.id, name, roleIds.serviceBusDataSender)
    properties: {
      description: contains(senderNames, name)
        ? '${name} sends the messages of the businesses.'
        : '${name} schedules the copy that is a retry.'
      principalId: senderIdentities[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.serviceBusDataSender)
    }
  }
]

resource receive 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(receiverName)) {
  scope: namespace
  name: guid(namespace.id, receiverName, roleIds.serviceBusDataReceiver)
  properties: {
    description: '${receiverName} receives and settles messages.'
    principalId: receiverIdentity!.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.serviceBusDataReceiver)
  }
}

// Queue lengths come from the management endpoint, for which no smaller role is documented to suffice. That is why each
// reader is an identity that does nothing else, and why the scope is one entity.
resource measureQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for pair in queuePairs: {
    scope: namespace::queues[pair.entity]
    name: guid(namespace.id, 'queue', pair.name, measurerNames[pair.measurer], roleIds.serviceBusDataOwner)
    properties: {
      description: '${measurerNames[pair.measurer]} reads how many messages lie in queue ${pair.name}.'
      principalId: measurerIdentities[pair.measurer].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.serviceBusDataOwner)
    }
  }
]

resource measureTopics 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for pair in topicPairs: {
    scope: namespace::topics[pair.entity]
    name: guid(namespace.id, 'topic', pair.name, measurerNames[pair.measurer], roleIds.serviceBusDataOwner)
    properties: {
      description: '${measurerNames[pair.measurer]} reads how many messages lie in the subscriptions of topic ${pair.name}.'
      principalId: measurerIdentities[pair.measurer].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.serviceBusDataOwner)
    }
  }
]

// Without an identity a log rule runs with the rights of the person who edited it last, and stops when that person leaves.
resource readLogs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(ruleIdentityName)) {
  scope: workspace
  name: guid(workspace.id, ruleIdentityName, roleIds.logAnalyticsReader)
  properties: {
    description: '${ruleIdentityName} runs the queries of the alert rules.'
    principalId: ruleIdentity!.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.logAnalyticsReader)
  }
}
