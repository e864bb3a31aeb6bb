metadata name = 'Workload'
metadata description = 'What the container apps stand on: identities, image registry, queues, network, environment and roles.'

import { entityFile } from '../entities.bicep'
import { resourceNames, resourceTags } from '../names.bicep'
import { senderNames } from 'senders.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The names of all resources.')
param names resourceNames

@description('Required. The queues and topics; with none of either there is no Service Bus.')
param entities entityFile

@description('Required. One container app for both roles, or one for each.')
param topology 'single' | 'split'

@description('Required. Whether the container apps run in a virtual network that is made here.')
param network 'none' | 'vnet'

@description('Required. The object id of the Entra group whose members run the runbooks; empty: none.')
param operators string

@description('Required. The names of the observability modules that are on.')
param active string[]

var does = loadJsonContent('businesses.json')
var split = topology == 'split'
var hasServiceBus = !empty(names.serviceBus)
var workingIdentity = split ? names.workerIdentity : names.appIdentity
var observed = contains(active, 'application-insights')
var componentName = observed ? names.component : ''
var workspaceName = observed ? names.workspace : ''
var networkName = network == 'vnet' ? names.network : ''
var hasLogRules = !empty(intersection(active, ['basic-alerts', 'alert-rules']))
var ruleIdentityName = hasLogRules ? names.ruleIdentity : ''
var measurerNames = concat(
  split ? [names.scalerIdentity] : [],
  does.handlers && contains(active, 'queue-metrics') ? [names.queueReaderIdentity] : []
)
var queueNames = map(items(entities.queues), queue => queue.key)
var topicNames = map(items(entities.topics), topic => topic.key)

module identities 'identities.bicep' = {
  params: {
    location: location
    tags: tags
    names: concat(
      [names.appIdentity],
      split ? [names.workerIdentity] : [],
      measurerNames,
      empty(ruleIdentityName) ? [] : [ruleIdentityName]
    )
  }
}

module registry 'registry.bicep' = {
  params: {
    location: location
    tags: tags
    name: names.registry
  }
}

module serviceBus 'service-bus.bicep' = if (hasServiceBus) {
  params: {
    location: location
    tags: tags
    name: names.serviceBus
    queues: entities.queues
    topics: entities.topics
  }
}

module subnet 'network.bicep' = if (!empty(networkName)) {
  params: {
    location: location
    tags: tags
    name: networkName
  }
}

module environment 'environment.bicep' = {
  params: {
    location: location
    tags: tags
    name: names.environment
    networkName: networkName
    workspaceName: workspaceName
  }
  dependsOn: [subnet]
}

module roles 'roles.bicep' = {
  params: {
    appIdentityName: names.appIdentity
    workerIdentityName: split ? names.workerIdentity : ''
    measurerNames: measurerNames
    ruleIdentityName: ruleIdentityName
    senderNames: senderNames(names, topology)
    retrierNames: does.handlers && contains(active, 'dead-letters') ? [workingIdentity] : []
    receiverName: does.handlers ? workingIdentity : ''
    registryName: names.registry
    namespaceName: names.serviceBus
    queueNames: queueNames
    topicNames: topicNames
    componentName: componentName
    workspaceName: workspaceName
  }
  dependsOn: [
    identities
    registry
    serviceBus
  ]
}

module operatorRoles 'operator-roles.bicep' = if (!empty(operators)) {
  params: {
    groupId: operators
    namespaceName: names.serviceBus
  }
  // Those of the service wait for the namespace.
  dependsOn: [roles]
}

@description('The host name of the container registry.')
output registryHost string = registry.outputs.loginServer

@description('The host name of the Service Bus namespace; empty: there is none.')
output serviceBusHost string = serviceBus.?outputs.host ?? ''
