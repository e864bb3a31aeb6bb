metadata name = 'Availability'
metadata description = 'The service tried from outside, and the alert when it does not answer.'

import { resourceTags } from '../../names.bicep'
import { metricRuleMap } from '../rule-types.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The name of the environment; the title of the alert carries it.')
param environmentName string

@description('Required. The name of the Application Insights component.')
param componentName string

@description('Required. The host name that is tried.')
param host string

@description('Required. Minutes between two tries from one location.')
param everyMinutes int

@description('Required. From how many locations the service is tried.')
@minValue(1)
@maxValue(5)
param fromLocations int

@description('Required. The name of the action group that is told.')
param groupName string

var rules metricRuleMap = loadJsonContent('metric-rules.json')
var rule = rules.availability

// Spread over the world, so that one region's network trouble is not taken for the service's.
var locations = take(
  ['emea-nl-ams-azr', 'us-va-ash-azr', 'apac-sg-sin-azr', 'us-il-ch1-azr', 'emea-gb-db3-azr'],
  fromLocations
)

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: groupName
}

// The dearest item of the level: each run is billed, so locations and minutes are in observability.json.
resource availabilityTest 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'availability'
  location: location
  tags: { ...tags, 'hidden-link:${component.id}': 'Resource' }
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'availability'
    Name: 'availability'
    Kind: 'standard'
    Enabled: true
    RetryEnabled: true
    Frequency: everyMinutes * 60
    Timeout: 30
    Locations: map(locations, id => { Id: id })
    Request: {
      RequestUrl: 'https://${host}/health/ready'
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
    }
  }
}

resource availability 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'availability-${environmentName}'
  location: 'global'
  tags: { ...tags, 'hidden-link:${component.id}': 'Resource', 'hidden-link:${availabilityTest.id}': 'Resource' }
  properties: {
    description: '${rule.title} (${environmentName}). Who feels it: ${rule.feels} First action: ${rule.firstAction} Runbook: docs/runbooks/alert-rules/availability.md'
    severity: rule.severity
    enabled: true
    scopes: [availabilityTest.id, component.id]
    evaluationFrequency: rule.frequency
    windowSize: rule.window
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      componentId: component.id
      webTestId: availabilityTest.id
      // One location alone may have trouble of its own.
      failedLocationCount: min(rule.criteria.places.failed, fromLocations)
    }
    actions: [{ actionGroupId: group.id }]
  }
}
