metadata name = 'Workload'
metadata description = 'The service itself: identities, image registry, queues, roles and one container app or two.'

import { entityFile } from '../entities.bicep'
import { resourceNames, resourceTags, settingMap } from '../names.bicep'
import { scaleRules } from 'scale-rules.bicep'

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

@description('Required. Whether the service is reachable from the internet.')
param public bool

@description('Required. The image; empty on the first deployment.')
param image string

@description('Required. The names of the observability modules that are on.')
param active string[]

@description('Required. The resolved observability.json as text.')
param config string

@description('Required. The variables that the businesses declare, by name.')
param settings settingMap

@description('Required. Where telemetry goes; empty: nowhere.')
param connectionString string

var does = loadJsonContent('businesses.json')
var split = topology == 'split'
var hasServiceBus = !empty(names.serviceBus)
var workingIdentity = split ? names.workerIdentity : names.appIdentity
var businessSenders = union(does.apiSends ? [names.appIdentity] : [], does.workerSends ? [workingIdentity] : [])
var observed = contains(active, 'application-insights')
var componentName = observed ? names.component : ''
var workspaceName = observed ? names.workspace : ''
var ruleIdentityName = contains(active, 'alert-rules') ? names.ruleIdentity : ''
var queueNames = map(items(entities.queues), queue => queue.key)
var topicNames = map(items(entities.topics), topic => topic.key)

module identities 'identities.bicep' = {
  params: {
    location: location
    tags: tags
    names: concat(
      [names.appIdentity],
      split ? [names.workerIdentity, names.scalerIdentity] : [],
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

module environment 'environment.bicep' = {
  params: {
    location: location
    tags: tags
    name: names.environment
    workspaceName: workspaceName
  }
}

module roles 'roles.bicep' = {
  params: {
    appIdentityName: names.appIdentity
    workerIdentityName: split ? names.workerIdentity : ''
    scalerIdentityName: split ? names.scalerIdentity : ''
    ruleIdentityName: ruleIdentityName
    senderNames: businessSenders
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

var variables = concat(
  hasServiceBus ? [{ name: 'SERVICEBUS_NAMESPACE', value: serviceBus!.outputs.host }] : [],
  [
    { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: connectionString }
    { name: 'OBSERVABILITY_CONFIG', value: config }
  ],
  map(items(settings), setting => { name: setting.key, value: setting.value })
)

module app 'container-app.bicep' = {
  params: {
    location: location
    tags: { ...tags, 'azd-service-name': 'app' }
    name: names.app
    serviceName: 'app'
    environmentName: names.environment
    identityName: names.appIdentity
    scalerIdentityName: ''
    registryHost: registry.outputs.loginServer
    image: image
    roles: split ? ['api'] : ['api', 'worker']
    public: public
    answersProbes: contains(active, 'health-probes')
    variables: variables
    scale: {
      minReplicas: 1
      maxReplicas: 3
      rules: [
        {
          name: 'requests'
          http: { metadata: { concurrentRequests: '50' } }
        }
      ]
    }
  }
  dependsOn: [
    environment
    roles
  ]
}

module worker 'container-app.bicep' = if (split) {
  params: {
    location: location
    tags: tags
    name: names.worker
    serviceName: 'worker'
    environmentName: names.environment
    identityName: names.workerIdentity
    scalerIdentityName: names.scalerIdentity
    registryHost: registry.outputs.loginServer
    image: image
    roles: ['worker']
    public: false
    answersProbes: contains(active, 'health-probes')
    variables: variables
    scale: {
      // One replica stays: a worker at zero cannot tell silence from idleness, and the first message would wait for a start.
      minReplicas: 1
      maxReplicas: 10
      pollingInterval: 15
      cooldownPeriod: 300
      rules: scaleRules(
        entities,
        names.serviceBus,
        resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', names.scalerIdentity)
      )
    }
  }
  dependsOn: [
    environment
    roles
  ]
}

@description('The host name of the container registry.')
output registryHost string = registry.outputs.loginServer

@description('The host name of the service.')
output host string = app.outputs.host

@description('The host name of the Service Bus namespace; empty: there is none.')
output serviceBusHost string = serviceBus.?outputs.host ?? ''
