metadata name = 'Apps of the observability starter'
metadata description = 'The container apps, and what depends on them. "azd deploy" deploys it after it has pushed the image, so that main.bicep never touches an image that runs. Composition only.'

import { activeModules, businessFaults, regionFaults } from 'checks.bicep'
import { entityFile } from 'entities.bicep'
import { settingMap } from 'names.bicep'
import { observabilityConfig } from 'observability/config-types.bicep'
import { regionsOf } from 'regions.bicep'
import { scaleRules } from 'workload/scale-rules.bicep'

@description('Required. The toggles: observability.json, with the overrides of the environment.')
param config observabilityConfig

@description('Required. The name of the environment, as main.bicep got it: the names of all resources follow from it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Required. The region, as main.bicep got it.')
param location string

@description('Required. The image that the container apps run.')
param image string

@description('Required. The variables that the businesses declare, by name. An empty one is left out; one that is required is refused: the service would not start.')
param settings settingMap

@description('Optional. Whether there is a key that personal data in events is hashed with. Without it each replica makes its own.')
param hasPersonalDataKey bool = false

@description('Conditional. That key. Required if `hasPersonalDataKey` is true.')
@secure()
param personalDataKey string = ''

var resolved = union(loadJsonContent('observability/defaults.json'), config)
var deployment = resolved.deployment
var isSplit = deployment.topology == 'split'

var unset = map(
  filter(
    items(loadJsonContent('workload/business-settings.json')),
    row => row.value.required && empty(settings[?row.key] ?? '')
  ),
  row => '${row.key} is not set: run "azd env set ${row.key} <value>", or set the variable'
)
var noImage = empty(image)
  ? [
      'There is no image to run: "azd deploy" builds one and names it; without azd set SERVICE_APP_IMAGE_NAME to <registry>/<image>'
    ]
  : []
var imagePath = substring(image, indexOf(image, '/') + 1)
var appReplicas = 3
var workerReplicas = 10
var entities entityFile = loadJsonContent('queues.json')
var hasServiceBus = !empty(entities.queues) || !empty(entities.topics)
var active = activeModules(
  resolved,
  concat(
    businessFaults(deployment.topology, hasServiceBus),
    regionFaults(location, deployment.secondRegion),
    unset,
    noImage
  )
)

// The first region is this resource group; a second one gets the same apps.
var regions = regionsOf(subscription().id, environmentName, location, deployment.secondRegion, hasServiceBus)
var names = regions[0].names
var last = length(regions) - 1
var observed = contains(active, 'application-insights')
var tags = { 'azd-env-name': environmentName }
var readsQueues = loadJsonContent('workload/businesses.json').handlers && contains(active, 'queue-metrics')

var variables = concat(
  [
    { name: 'OBSERVABILITY_CONFIG', value: string(resolved) }
    // All of them share the daily cap of the workspace.
    { name: 'MAX_REPLICAS', value: string(appReplicas + (isSplit ? workerReplicas : 0)) }
  ],
  map(filter(items(settings), setting => !empty(setting.value)), setting => { name: setting.key, value: setting.value })
)

// Its image is imported from the first one: when that region is lost, it is all that is left.
resource secondRegistry 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = if (last > 0) {
  scope: resourceGroup(regions[last].group)
  name: regions[last].names.registry
}

module app 'workload/container-app.bicep' = [
  for (region, i) in regions: {
    scope: resourceGroup(region.group)
    params: {
      location: region.location
      // azd looks for the app of the first region alone.
      tags: { ...tags, ...(i == 0 ? { 'azd-service-name': 'app' } : {}) }
      name: region.names.app
      serviceName: region.names.appRole
      environmentName: region.names.environment
      identityName: region.names.appIdentity
      scalerIdentityName: ''
      queueReaderIdentityName: readsQueues && !isSplit ? region.names.queueReaderIdentity : ''
      registryName: region.names.registry
      namespaceName: region.names.serviceBus
      otherNamespaceName: last > 0 ? regions[last - i].names.serviceBus : ''
      otherGroup: last > 0 ? regions[last - i].group : ''
      componentName: observed ? region.names.component : ''
      securityRuleName: contains(active, 'security-events') ? region.names.securityRule : ''
      image: i == 0 ? image : '${secondRegistry!.properties.loginServer}/${imagePath}'
      roles: isSplit ? ['api'] : ['api', 'worker']
      public: deployment.public
      answersProbes: contains(active, 'health-probes')
      variables: variables
      hasPersonalDataKey: hasPersonalDataKey
      personalDataKey: personalDataKey
      scale: {
        minReplicas: 1
        maxReplicas: appReplicas
        rules: [
          {
            name: 'requests'
            http: { metadata: { concurrentRequests: '50' } }
          }
        ]
      }
    }
  }
]

module worker 'workload/container-app.bicep' = [
  for (region, i) in regions: if (isSplit) {
    scope: resourceGroup(region.group)
    params: {
      location: region.location
      tags: tags
      name: region.names.worker
      serviceName: region.names.workerRole
      environmentName: region.names.environment
      identityName: region.names.workerIdentity
      scalerIdentityName: region.names.scalerIdentity
      queueReaderIdentityName: readsQueues ? region.names.queueReaderIdentity : ''
      registryName: region.names.registry
      namespaceName: region.names.serviceBus
      otherNamespaceName: last > 0 ? regions[last - i].names.serviceBus : ''
      otherGroup: last > 0 ? regions[last - i].group : ''
      componentName: observed ? region.names.component : ''
      securityRuleName: contains(active, 'security-events') ? region.names.securityRule : ''
      image: i == 0 ? image : '${secondRegistry!.properties.loginServer}/${imagePath}'
      roles: ['worker']
      public: false
      answersProbes: contains(active, 'health-probes')
      variables: variables
      hasPersonalDataKey: hasPersonalDataKey
      personalDataKey: personalDataKey
      scale: {
        // One replica stays: a worker at zero cannot tell silence from idleness, and the first message would wait for a start.
        minReplicas: 1
        maxReplicas: workerReplicas
        pollingInterval: 15
        cooldownPeriod: 300
        rules: scaleRules(
          entities,
          region.names.serviceBus,
          resourceId(
            subscription().subscriptionId,
            region.group,
            'Microsoft.ManagedIdentity/userAssignedIdentities',
            region.names.scalerIdentity
          )
        )
      }
    }
  }
]

module basicAlerts 'observability/basic-alerts/app.bicep' = [
  for (region, i) in regions: if (contains(active, 'basic-alerts')) {
    scope: resourceGroup(region.group)
    params: {
      tags: tags
      environmentName: region.title
      appNames: isSplit ? [region.names.app, region.names.worker] : [region.names.app]
      actionGroupName: 'ag-basic'
    }
    dependsOn: [app, worker]
  }
]

module alertRules 'observability/alert-rules/app.bicep' = [
  for (region, i) in regions: if (contains(active, 'alert-rules')) {
    scope: resourceGroup(region.group)
    params: {
      tags: tags
      environmentName: region.title
      appNames: isSplit ? [region.names.app, region.names.worker] : [region.names.app]
      groupName: 'ag-ticket'
    }
    dependsOn: [app, worker]
  }
]

module availability 'observability/alert-rules/availability.bicep' = [
  for (region, i) in regions: if (contains(active, 'alert-rules') && deployment.public) {
    scope: resourceGroup(region.group)
    params: {
      location: region.location
      tags: tags
      environmentName: region.title
      componentName: region.names.component
      host: app[i].outputs.host
      everyMinutes: deployment.availabilityTest.everyMinutes
      fromLocations: deployment.availabilityTest.locations
      groupName: 'ag-page'
    }
  }
]

module multiRegion 'observability/multi-region/front.bicep' = if (contains(active, 'multi-region') && last > 0 && deployment.public) {
  params: {
    tags: tags
    name: names.front
    apps: map(regions, region => { name: region.names.app, group: region.group })
  }
  dependsOn: [app]
}

// Sends one request from inside the container: its ingress is internal. Written by "npm run generate" from local/business.
var example = loadJsonContent('workload/example-request.json').script

@description('A command that sends one request and prints the status, the answer and the id of the trace.')
output SEND_COMMAND string = deployment.public
  ? 'npm run send -- --url https://${app[0].outputs.host} --sample 1'
  : empty(example)
      ? 'No business names an example request: see local/business/local-business.ts.'
      : 'az containerapp exec --name ${names.app} --resource-group ${resourceGroup().name} --command "node -e ${example}"'

@description('Where the story of that request is.')
output SEND_STORY string = contains(active, 'application-insights')
  ? 'A few minutes later, in the logs of the workspace ${names.workspace}: search "<the id of the trace>" | sort by TimeGenerated asc'
  : 'Nowhere: the module application-insights is off.'

@description('The host name of both regions together; empty: there is one region, or the service is not public.')
output SERVICE_FRONT_HOST string = multiRegion.?outputs.host ?? ''

@description('The container app that answers callers.')
output SERVICE_APP_NAME string = names.app

@description('Where the service answers; without deployment.public only inside its environment.')
output SERVICE_APP_ENDPOINT string = 'https://${app[0].outputs.host}'
