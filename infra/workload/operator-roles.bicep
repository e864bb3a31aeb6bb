metadata name = 'Roles of operators'
metadata description = 'What the members of one Entra group may do with the data of the service: what the runbooks ask of them. An Owner of the subscription may do none of it with messages.'

@description('Required. The object id of the group.')
param groupId string

@description('Required. The name of the Service Bus namespace; empty: none.')
param namespaceName string

var onMessages = [
  {
    reason: 'Operators list, explain and purge dead letters.'
    role: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0' // Azure Service Bus Data Receiver
  }
  {
    reason: 'Operators replay dead letters: a replay sends a copy.'
    role: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39' // Azure Service Bus Data Sender
  }
]

var onGroup = [
  {
    reason: 'Operators read the metrics, logs and alerts that the runbooks begin with.'
    role: '43d0d8ad-25c7-4714-9337-8ba259a9fe05' // Monitoring Reader
  }
  {
    reason: 'A replay or a purge by an operator is told to Application Insights, with the name of its actor.'
    role: '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher
  }
]

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = if (!empty(namespaceName)) {
  name: namespaceName
}

// At the namespace, as for the service itself: one set of commands works on all its queues.
resource messages 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for given in onMessages: if (!empty(namespaceName)) {
    scope: namespace
    name: guid(namespace.id, groupId, given.role)
    properties: {
      description: given.reason
      principalId: groupId
      principalType: 'Group'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', given.role)
    }
  }
]

// At the group: runbooks begin with metrics of the namespace and the apps, and with queries of the workspace.
resource monitoring 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for given in onGroup: {
    name: guid(resourceGroup().id, groupId, given.role)
    properties: {
      description: given.reason
      principalId: groupId
      principalType: 'Group'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', given.role)
    }
  }
]
