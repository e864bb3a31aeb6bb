@export()
@description('The names of all resources. Deterministic: the same environment gets the same names on every deployment.')
type resourceNames = {
  @description('The Log Analytics workspace.')
  workspace: string

  @description('The Application Insights component.')
  component: string

  @description('The dashboard that "azd monitor" opens.')
  dashboard: string

  @description('The container registry.')
  registry: string

  @description('The Container Apps environment.')
  environment: string

  @description('The virtual network; it exists only where deployment.network asks for it.')
  network: string

  @description('The Service Bus namespace; empty: the service has no queue and no topic, and so no namespace.')
  serviceBus: string

  @description('The container app that answers callers, and in topology single also works on messages.')
  app: string

  @description('The container app that works on messages, in topology split.')
  worker: string

  @description('The name under which the telemetry of the app appears. Two apps need two: a silent one must not hide behind the other.')
  appRole: string

  @description('The name under which the telemetry of the worker appears.')
  workerRole: string

  @description('The identity of the app.')
  appIdentity: string

  @description('The identity of the worker.')
  workerIdentity: string

  @description('The identity that measures queue lengths for scaling the worker.')
  scalerIdentity: string

  @description('The identity with which the service reads how many messages lie in the queues.')
  queueReaderIdentity: string

  @description('The identity that the log alert rules run with.')
  ruleIdentity: string

  @description('The workspace with the security events.')
  securityWorkspace: string

  @description('The data collection rule through which the service writes security events.')
  securityRule: string

  @description('The storage account with the rows that must not change.')
  exportStorage: string

  @description('What stands before the regions of a public service, and its endpoint; those of the first region.')
  front: string
}

@export()
@description('Builds every name from one token. Prefixes are those of the Cloud Adoption Framework; registries and storage accounts allow no hyphen.')
func namesFor(token string, hasServiceBus bool) resourceNames => {
  workspace: 'log-${token}'
  component: 'appi-${token}'
  dashboard: 'dash-${token}'
  registry: 'cr${token}'
  environment: 'cae-${token}'
  network: 'vnet-${token}'
  serviceBus: hasServiceBus ? 'sbns-${token}' : ''
  app: 'ca-app-${token}'
  worker: 'ca-worker-${token}'
  appRole: 'app'
  workerRole: 'worker'
  appIdentity: 'id-app-${token}'
  workerIdentity: 'id-worker-${token}'
  scalerIdentity: 'id-scaler-${token}'
  queueReaderIdentity: 'id-queue-reader-${token}'
  ruleIdentity: 'id-rules-${token}'
  securityWorkspace: 'log-security-${token}'
  securityRule: 'dcr-security-${token}'
  exportStorage: 'st${token}'
  front: 'afd-${token}'
}

@export()
@description('Tags by name.')
type resourceTags = {
  @description('Optional. The value of one tag.')
  *: string
}

@export()
@description('Variables of the service by name.')
type settingMap = {
  @description('Optional. The value of one variable; never a secret.')
  *: string
}
