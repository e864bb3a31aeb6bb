metadata name = 'Senders of the other region'
metadata description = 'Lets the businesses of one region send to the namespace of the other, for messages that their own does not accept.'

@description('Required. The name of the namespace, which is of this resource group.')
param namespaceName string

@description('Required. The resource group of the other region.')
param otherGroup string

@description('Required. The identities with which the businesses of the other region send.')
param senderNames string[]

var senderRole = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource senders 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in senderNames: {
    scope: resourceGroup(otherGroup)
    name: name
  }
]

resource send 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in senderNames: {
    scope: namespace
    name: guid(namespace.id, otherGroup, name, senderRole)
    properties: {
      description: '${name} sends what its own region does not accept.'
      principalId: senders[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', senderRole)
    }
  }
]
