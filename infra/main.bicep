metadata name = 'Observability starter'
metadata description = 'What the service stands on, and the cloud half of its observability modules; app.bicep adds the container apps. Composition only: names, the list of modules that are on, one line a module.'

targetScope = 'subscription'

import { activeModules, businessFaults, regionFaults } from 'checks.bicep'
import { duplicateWindow, entityFile } from 'entities.bicep'
import { observabilityConfig } from 'observability/config-types.bicep'
import { regionsNotice, secondRegistry } from 'observability/multi-region/outputs.bicep'
import { regionsOf } from 'regions.bicep'
import { senderNames } from 'workload/senders.bicep'

// main.bicepparam gives the first three. Each has a default all the same: "azd pipeline config" reads no parameter file and
// would ask for what has none.
@description('Optional. The toggles: observability.json, with the overrides of the environment.')
param config observabilityConfig = { level: 1 }

@description('Optional. The name of the environment; it becomes part of the name of the resource group.')
@minLength(1)
@maxLength(64)
param environmentName string = 'dev'

@description('Optional. The region.')
param location string = az.deployment().location

@description('Optional. The first day of this month; not meant to be given.')
param thisMonth string = utcNow('yyyy-MM-01')

@description('Optional. When planned work begins (yyyy-MM-ddTHH:mm:ss, UTC): from then on alerts are recorded and not sent.')
param maintenanceFrom string = ''

@description('Conditional. When planned work ends. Required if `maintenanceFrom` is given.')
param maintenanceUntil string = ''

var resolved = union(loadJsonContent('observability/defaults.json'), config)
var deployment = resolved.deployment

var entities entityFile = loadJsonContent('queues.json')
var hasServiceBus = !empty(entities.queues) || !empty(entities.topics)
var active = activeModules(
  resolved,
  concat(businessFaults(deployment.topology, hasServiceBus), regionFaults(location, deployment.secondRegion))
)

// A second region repeats everything of the first, which stays as it is.
var regions = regionsOf(subscription().id, environmentName, location, deployment.secondRegion, hasServiceBus)
var names = regions[0].names
var tags = { 'azd-env-name': environmentName }

// As which the apps report.
var roles = deployment.topology == 'split' ? [names.appRole, names.workerRole] : [names.appRole]

// What stands as {{slo.latencyMs}} in a query; all but the duplicate window are numbers.
var numbers = toObject(
  concat(
    map(items(resolved.slo), entry => { name: 'slo.${entry.key}', value: string(entry.value) }),
    map(items(resolved.cost), entry => { name: 'cost.${entry.key}', value: string(entry.value) }),
    [{ name: 'queues.duplicateWindow', value: duplicateWindow(entities) }]
  ),
  entry => entry.name,
  entry => entry.value
)

resource groups 'Microsoft.Resources/resourceGroups@2024-11-01' = [
  for region in regions: {
    name: region.group
    location: region.location
    tags: tags
  }
]

module applicationInsights 'observability/application-insights/main.bicep' = [
  for (region, i) in regions: if (contains(active, 'application-insights')) {
    scope: groups[i]
    params: {
      location: region.location
      tags: tags
      workspaceName: region.names.workspace
      componentName: region.names.component
      dashboardName: region.names.dashboard
      dailyCapMb: resolved.cost.dailyCapMb
    }
  }
]

module workload 'workload/main.bicep' = [
  for (region, i) in regions: {
    scope: groups[i]
    params: {
      location: region.location
      tags: tags
      names: region.names
      entities: entities
      topology: deployment.topology
      network: deployment.network
      operators: deployment.operators
      active: active
    }
    dependsOn: [applicationInsights]
  }
]

module basicAlerts 'observability/basic-alerts/main.bicep' = [
  for (region, i) in regions: if (contains(active, 'basic-alerts')) {
    scope: groups[i]
    params: {
      location: region.location
      tags: tags
      environmentName: region.title
      email: resolved.alerts.email
      componentName: region.names.component
      workspaceName: region.names.workspace
      identityName: region.names.ruleIdentity
      namespaceName: region.names.serviceBus
      monthlyBudget: resolved.cost.monthlyBudget
      thisMonth: thisMonth
    }
    dependsOn: [applicationInsights, workload]
  }
]

module deadLetters 'observability/dead-letters/main.bicep' = [
  for (region, i) in regions: if (contains(active, 'dead-letters') && contains(active, 'application-insights') && hasServiceBus) {
    scope: groups[i]
    params: { namespaceName: region.names.serviceBus, workspaceName: region.names.workspace }
    dependsOn: [applicationInsights, workload]
  }
]

module dashboards 'observability/dashboards/main.bicep' = [
  for (region, i) in regions: if (contains(active, 'dashboards')) {
    scope: groups[i]
    params: {
      location: region.location
      tags: tags
      workspaceName: region.names.workspace
      level: resolved.level
      active: active
      numbers: numbers
    }
    dependsOn: [applicationInsights]
  }
]

module alertRules 'observability/alert-rules/main.bicep' = [
  for (region, i) in regions: if (contains(active, 'alert-rules')) {
    scope: groups[i]
    params: {
      location: region.location
      tags: tags
      environmentName: region.title
      email: resolved.alerts.email
      active: active
      values: { ...numbers, 'service.roles': join(map(roles, role => '"${role}"'), ', ') }
      workspaceName: region.names.workspace
      namespaceName: region.names.serviceBus
      queueNames: map(items(entities.queues), queue => queue.key)
      identityName: region.names.ruleIdentity
      maintenanceFrom: maintenanceFrom
      maintenanceUntil: maintenanceUntil
    }
    dependsOn: [applicationInsights, workload]
  }
]

module multiRegion 'observability/multi-region/sender-roles.bicep' = [
  for (region, i) in regions: if (contains(active, 'multi-region') && length(regions) > 1 && hasServiceBus) {
    scope: groups[i]
    params: {
      namespaceName: region.names.serviceBus
      otherGroup: regions[length(regions) - 1 - i].group
      senderNames: senderNames(regions[length(regions) - 1 - i].names, deployment.topology)
    }
    dependsOn: [workload]
  }
]

module securityEvents 'observability/security-events/main.bicep' = [
  for (region, i) in regions: if (contains(active, 'security-events')) {
    scope: groups[i]
    params: {
      location: region.location
      tags: tags
      environmentName: region.title
      workspaceName: region.names.securityWorkspace
      ruleName: region.names.securityRule
      writerNames: deployment.topology == 'split'
        ? [region.names.appIdentity, region.names.workerIdentity]
        : [region.names.appIdentity]
      operators: deployment.operators
      values: { 'deployment.resourceGroups': '"${region.group}"' }
      active: active
    }
    dependsOn: [workload]
  }
]

module dataExport 'observability/data-export/main.bicep' = [
  for (region, i) in regions: if (contains(active, 'data-export')) {
    scope: groups[i]
    params: {
      location: region.location
      tags: tags
      accountName: region.names.exportStorage
      workspaceName: region.names.workspace
      securityWorkspaceName: contains(active, 'security-events') ? region.names.securityWorkspace : ''
      immutableDays: resolved.dataExport.immutableDays
      locked: resolved.dataExport.locked
    }
    dependsOn: [applicationInsights, securityEvents]
  }
]

@description('The region.')
output AZURE_LOCATION string = location

@description('The tenant.')
output AZURE_TENANT_ID string = tenant().tenantId

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = groups[0].name

@description('Where images are pushed.')
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = workload[0].outputs.registryHost

@description('The registry of the second region, into which the image is imported after each push; empty: there is one region.')
output AZURE_SECOND_REGISTRY string = secondRegistry(regions)

@description('Where telemetry goes; empty: nowhere. No secret: the component takes Entra tokens only.')
output APPLICATIONINSIGHTS_CONNECTION_STRING string = applicationInsights[0].?outputs.connectionString ?? ''

@description('The host name of the Service Bus namespace; empty: the service has none.')
output SERVICEBUS_NAMESPACE string = workload[0].outputs.serviceBusHost

@description('Where security events are written; empty: nowhere.')
output SECURITY_LOGS_ENDPOINT string = securityEvents[0].?outputs.endpoint ?? ''

@description('The data collection rule through which they are written.')
output SECURITY_LOGS_RULE string = securityEvents[0].?outputs.rule ?? ''

@description('Says whether alerts are sent, and where.')
output ALERTS_NOTICE string = contains(active, 'basic-alerts') && !empty(resolved.alerts.email)
  ? 'Alerts go to the address in alerts.email.'
  : 'The operator is not told when an alert fires: set alerts.email in observability.json.'

@description('How to ask both regions in one query.')
output REGIONS_NOTICE string = regionsNotice(regions)

@description('Says when the apps and the rest agree.')
output DEPLOY_NOTICE string = 'The container apps and the rest agree once the apps are deployed too: "azd deploy" with a new image, "npm run apply-level" with the one that runs in ${groups[0].name}.'

@description('Who can run the runbooks on dead letters.')
output OPERATORS_NOTICE string = !empty(deployment.operators)
  ? 'The members of group ${deployment.operators} can run the runbooks.'
  : 'This deployment gives no person the roles to list or replay dead letters, and an Owner of the subscription has none: set deployment.operators in observability.json.'

@description('What becomes of cost.monthlyBudget.')
output BUDGET_NOTICE string = resolved.cost.monthlyBudget == 0
  ? 'There is no budget: cost.monthlyBudget is 0.'
  : 'A budget is created once. To change its amount, delete the budget "monthly" of the resource group first and provision again.'

@description('Who can reach the service, and what it asks of callers.')
output ACCESS_NOTICE string = !deployment.public
  ? 'The service is reachable inside its environment only.'
  : empty(deployment.tokens.issuer)
      ? 'The service is public and asks for no token: any caller can send.'
      : empty(deployment.tokens.roles)
          ? 'The service is public and every application of the tenant can call it.'
          : 'The service is public and asks for tokens with one of the roles in deployment.tokens.'
