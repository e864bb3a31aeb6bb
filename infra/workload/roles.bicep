metadata name = 'Roles'
metadata description = 'Every role of an identity of the service, each with its reason. None is wider than its sentence needs.'

@description('Required. The identity of the container app that answers callers.')
param appIdentityName string

@description('Required. The identity of the container app that works on messages; empty: the app does both.')
param workerIdentityName string

@description('Required. The identity that measures queue lengths for scaling the worker; empty: nothing scales by queue.')
param scalerIdentityName string

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

resource scalerIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = if (!empty(scalerIdentityName)) {
  name: scalerIdentityName
}

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

// KEDA reads queue lengths from the management endpoint, for which no smaller role is documented to suffice. That is why
// the scaler is an identity of its own that no process of ours can use, and why the scope is one entity.
resource measureQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in queueNames: if (!empty(scalerIdentityName)) {
    scope: namespace::queues[i]
    name: guid(namespace.id, 'queue', name, scalerIdentityName, roleIds.serviceBusDataOwner)
    properties: {
      description: '${scalerIdentityName} reads the length of queue ${name} for scaling.'
      principalId: scalerIdentity!.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.serviceBusDataOwner)
    }
  }
]

resource measureTopics 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in topicNames: if (!empty(scalerIdentityName)) {
    scope: namespace::topics[i]
    name: guid(namespace.id, 'topic', name, scalerIdentityName, roleIds.serviceBusDataOwner)
    properties: {
      description: '${scalerIdentityName} reads the lengths of the subscriptions of topic ${name} for scaling.'
      principalId: scalerIdentity!.properties.principalId
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
