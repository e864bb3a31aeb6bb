// Generated from the modules' manifests by "npm run generate".

@export()
@description('The name of an observability module.')
type moduleName =
  | 'alert-rules'
  | 'application-insights'
  | 'basic-alerts'
  | 'correlation'
  | 'custom-events'
  | 'dashboards'
  | 'dead-letters'
  | 'health-probes'
  | 'structured-logs'
