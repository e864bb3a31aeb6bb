metadata name = 'Container app'
metadata description = 'The service in one or both of its roles. A change of level changes variables and identities, never the image: a new revision.'

import { resourceTags } from '../names.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the container app.')
param name string

@description('Required. The name that telemetry and logs show. Two apps need two: a silent one must not hide behind the other.')
param serviceName string

@description('Required. The name of the Container Apps environment.')
param environmentName string

@description('Required. The name of the identity that the service runs with.')
param identityName string

@description('Required. The identity that measures queue lengths for scaling; empty: none.')
param scalerIdentityName string

@description('Required. The identity with which the service reads how many messages lie in the queues; empty: it does not.')
param queueReaderIdentityName string

@description('Required. The name of the container registry.')
param registryName string

@description('Required. The name of the Service Bus namespace; empty: none.')
param namespaceName string

@description('Required. The namespace of the other region; empty: there is one region.')
param otherNamespaceName string

@description('Conditional. Its resource group. Required if `otherNamespaceName` is given.')
param otherGroup string

@description('Required. The name of the Application Insights component; empty: none.')
param componentName string

@description('Required. The data collection rule through which security events are written; empty: none.')
param securityRuleName string

@description('Required. The image.')
param image string

@description('Required. What the process does.')
param roles ('api' | 'worker')[]

@description('Required. Whether the ingress is reachable from the internet; without the role api there is no ingress.')
param public bool

@description('Required. Whether the service answers health probes.')
param answersProbes bool

@description('Required. Variables of the service beside those that follow from the other parameters.')
param variables variable[]

@description('Required. Whether there is a key that personal data in events is hashed with.')
param hasPersonalDataKey bool

@description('Conditional. That key. Required if `hasPersonalDataKey` is true.')
@secure()
param personalDataKey string

@description('Required. How many replicas run and what adds one.')
param scale scaleSettings

@description('An environment variable.')
@sealed()
type variable = {
  @description('Required. Its name.')
  name: string

  @description('Required. Its value; never a secret.')
  value: string
}

@description('How many replicas run and what adds one.')
type scaleSettings = resourceInput<'Microsoft.App/containerApps@2025-01-01'>.properties.template.scale

var port = 8080
var stateFolder = '/state'
var keySecret = 'personal-data-key'
var answersCallers = contains(roles, 'api')

// What the service may take to finish its handlers; the platform waits longer, so that the flush of telemetry fits too.
var shutdownGraceMs = 25000
var terminationGraceSeconds = 45

var healthProbes = [
  {
    type: 'Startup'
    httpGet: { path: '/health/live', port: port }
    periodSeconds: 2
    timeoutSeconds: 2
    failureThreshold: 10
  }
  {
    type: 'Liveness'
    httpGet: { path: '/health/live', port: port }
    periodSeconds: 10
    timeoutSeconds: 5
    failureThreshold: 3
  }
  {
    type: 'Readiness'
    httpGet: { path: '/health/ready', port: port }
    periodSeconds: 5
    timeoutSeconds: 5
    failureThreshold: 3
  }
]

// A service without the module has no health routes: then an open port is all that is asked.
var portProbes = [
  {
    type: 'Startup'
    tcpSocket: { port: port }
    periodSeconds: 5
    failureThreshold: 10
  }
]

func hostOf(endpoint string) string => split(replace(endpoint, 'https://', ''), ':')[0]

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' existing = {
  name: environmentName
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = {
  name: registryName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = if (!empty(namespaceName)) {
  name: namespaceName
}

resource otherNamespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = if (!empty(otherNamespaceName)) {
  scope: resourceGroup(otherGroup)
  name: otherNamespaceName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = if (!empty(componentName)) {
  name: componentName
}

resource securityRule 'Microsoft.Insights/dataCollectionRules@2023-03-11' existing = if (!empty(securityRuleName)) {
  name: securityRuleName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource scalerIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = if (!empty(scalerIdentityName)) {
  name: scalerIdentityName
}

resource queueReaderIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = if (!empty(queueReaderIdentityName)) {
  name: queueReaderIdentityName
}

resource app 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
      ...(empty(scalerIdentityName) ? {} : { '${scalerIdentity.id}': {} })
      ...(empty(queueReaderIdentityName) ? {} : { '${queueReaderIdentity.id}': {} })
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      secrets: hasPersonalDataKey ? [{ name: keySecret, value: personalDataKey }] : []
      ingress: answersCallers
        ? {
            external: public
            targetPort: port
            transport: 'auto'
            allowInsecure: false
          }
        : null
      // The scaler's identity is for the platform: no code in the container can get a token for it.
      identitySettings: empty(scalerIdentityName) ? [] : [{ identity: scalerIdentity.id, lifecycle: 'None' }]
      registries: [
        {
          server: registry.properties.loginServer
          identity: identity.id
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: terminationGraceSeconds
      containers: [
        {
          name: 'service'
          image: image
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: concat(
            [
              { name: 'SERVICE_NAME', value: serviceName }
              { name: 'PORT', value: string(port) }
              { name: 'SERVICE_ROLES', value: join(roles, ',') }
              { name: 'SHUTDOWN_GRACE_MS', value: string(shutdownGraceMs) }
              { name: 'STATE_DIR', value: stateFolder }
              { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
              { name: 'AZURE_REGION', value: location }
            ],
            empty(queueReaderIdentityName)
              ? []
              : [{ name: 'QUEUE_READER_CLIENT_ID', value: queueReaderIdentity!.properties.clientId }],
            hasPersonalDataKey ? [{ name: 'PERSONAL_DATA_KEY', secretRef: keySecret }] : [],
            empty(namespaceName)
              ? []
              : [{ name: 'SERVICEBUS_NAMESPACE', value: hostOf(namespace!.properties.serviceBusEndpoint) }],
            empty(otherNamespaceName)
              ? []
              : [
                  {
                    name: 'SERVICEBUS_FALLBACK_NAMESPACE'
                    value: hostOf(otherNamespace!.properties.serviceBusEndpoint)
                  }
                ],
            [
              {
                name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
                value: empty(componentName) ? '' : component!.properties.ConnectionString
              }
            ],
            empty(securityRuleName)
              ? []
              : [
                  { name: 'SECURITY_LOGS_ENDPOINT', value: securityRule!.properties.endpoints.logsIngestion }
                  { name: 'SECURITY_LOGS_RULE', value: securityRule!.properties.immutableId }
                ],
            variables
          )
          probes: answersProbes ? healthProbes : portProbes
          volumeMounts: [
            {
              volumeName: 'state'
              mountPath: stateFolder
            }
          ]
        }
      ]
      // Lives as long as the replica: it carries telemetry over an outage and a crash of the process, not over a new revision.
      volumes: [
        {
          name: 'state'
          storageType: 'EmptyDir'
        }
      ]
      scale: scale
    }
  }
}

@description('The host name of the ingress; empty: none.')
output host string = answersCallers ? app.properties.configuration.ingress.fqdn : ''
