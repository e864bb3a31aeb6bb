metadata name = 'Apps of the observability starter'
metadata description = 'The container apps, and what depends on them. "azd deploy" deploys it after it has pushed the image, so that main.bicep never touches an image that runs. Composition only.'

import { activeModules, businessFaults } from 'checks.bicep'
import { entityFile } from 'entities.bicep'
import { namesFor, settingMap } from 'names.bicep'
import { observabilityConfig } from 'observability/config-types.bicep'
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
var appReplicas = 3
var workerReplicas = 10
var entities entityFile = loadJsonContent('queues.json')
var hasServiceBus = !empty(entities.queues) || !empty(entities.topics)
var active = activeModules(resolved, concat(businessFaults(deployment.topology, hasServiceBus), unset, noImage))

var names = namesFor(toLower(uniqueString(subscription().id, environmentName, location)), hasServiceBus)
var tags = { 'azd-env-name': environmentName }
var readsQueues = loadJsonContent('workload/businesses.json').handlers && contains(active, 'queue-metrics')
var queueReaderIdentityName = readsQueues ? names.queueReaderIdentity : ''

resource component 'Microsoft.Insights/components@2020-02-02' existing = if (contains(active, 'application-insights')) {
  name: names.component
}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = if (hasServiceBus) {
  name: names.serviceBus
}

var variables = concat(
  hasServiceBus
    ? [
        {
          name: 'SERVICEBUS_NAMESPACE'
          value: split(replace(namespace!.properties.serviceBusEndpoint, 'https://', ''), ':')[0]
        }
      ]
    : [],
  [
    {
      name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
      value: contains(active, 'application-insights') ? component!.properties.ConnectionString : ''
    }
    { name: 'OBSERVABILITY_CONFIG', value: string(resolved) }
    // All of them share the daily cap of the workspace.
    { name: 'MAX_REPLICAS', value: string(appReplicas + (isSplit ? workerReplicas : 0)) }
  ],
  map(filter(items(settings), setting => !empty(setting.value)), setting => { name: setting.key, value: setting.value })
)

module app 'workload/container-app.bicep' = {
  params: {
    location: location
    tags: { ...tags, 'azd-service-name': 'app' }
    name: names.app
    serviceName: names.appRole
    environmentName: names.environment
    identityName: names.appIdentity
    scalerIdentityName: ''
    queueReaderIdentityName: isSplit ? '' : queueReaderIdentityName
    registryName: names.registry
    image: image
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

module worker 'workload/container-app.bicep' = if (isSplit) {
  params: {
    location: location
    tags: tags
    name: names.worker
    serviceName: names.workerRole
    environmentName: names.environment
    identityName: names.workerIdentity
    scalerIdentityName: names.scalerIdentity
    queueReaderIdentityName: queueReaderIdentityName
    registryName: names.registry
    image: image
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
        names.serviceBus,
        resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', names.scalerIdentity)
      )
    }
  }
}

module basicAlerts 'observability/basic-alerts/app.bicep' = if (contains(active, 'basic-alerts')) {
  params: {
    tags: tags
    environmentName: environmentName
    appNames: isSplit ? [names.app, names.worker] : [names.app]
    actionGroupName: 'ag-basic'
  }
  dependsOn: [app, worker]
}

module alertRules 'observability/alert-rules/app.bicep' = if (contains(active, 'alert-rules')) {
  params: {
    tags: tags
    environmentName: environmentName
    appNames: isSplit ? [names.app, names.worker] : [names.app]
    groupName: 'ag-ticket'
  }
  dependsOn: [app, worker]
}

module availability 'observability/alert-rules/availability.bicep' = if (contains(active, 'alert-rules') && deployment.public) {
  params: {
    location: location
    tags: tags
    environmentName: environmentName
    componentName: names.component
    host: app.outputs.host
    everyMinutes: deployment.availabilityTest.everyMinutes
    fromLocations: deployment.availabilityTest.locations
    groupName: 'ag-page'
  }
}

// Sends one request from inside the container: its ingress is internal. Written by "npm run generate" from local/business.
var example = loadJsonContent('workload/example-request.json').script

@description('A command that sends one request and prints the status, the answer and the id of the trace.')
output SEND_COMMAND string = deployment.public
  ? 'npm run send -- --url https://${app.outputs.host} --sample 1'
  : empty(example)
      ? 'No business names an example request: see local/business/local-business.ts.'
      : 'az containerapp exec --name ${names.app} --resource-group ${resourceGroup().name} --command "node -e ${example}"'

@description('Where the story of that request is.')
output SEND_STORY string = contains(active, 'application-insights')
  ? 'A few minutes later, in the logs of the workspace ${names.workspace}: search "<the id of the trace>" | sort by TimeGenerated asc'
  : 'Nowhere: the module application-insights is off.'

@description('The container app that answers callers.')
output SERVICE_APP_NAME string = names.app

@description('Where the service answers; without deployment.public only inside its environment.')
output SERVICE_APP_ENDPOINT string = 'https://${app.outputs.host}'
