const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const alert = /^[^#<>*%{}&:\\?/+|]{1,260}$/;

/**
 * Which names Azure takes, by type in lower case (Microsoft's "Naming rules and restrictions for Azure resources").
 * The compiler checks some lengths and few patterns.
 */
export const nameRules: Readonly<Record<string, RegExp>> = {
  'microsoft.resources/resourcegroups': /^[\w.()-]{0,89}[\w()-]$/,
  'microsoft.operationalinsights/workspaces': /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
  'microsoft.operationalinsights/workspaces/tables': /^[^/]+\/\w{4,63}$/,
  'microsoft.operationalinsights/workspaces/dataexports': /^[^/]+\/[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
  'microsoft.securityinsights/onboardingstates': /^default$/,
  'microsoft.securityinsights/alertrules': guid,
  'microsoft.insights/datacollectionrules': /^[A-Za-z0-9][\w.-]{2,62}[A-Za-z0-9]$/,
  'microsoft.storage/storageaccounts': /^[a-z0-9]{3,24}$/,
  'microsoft.insights/components': /^[\w.()-]{1,260}$/,
  'microsoft.managedidentity/userassignedidentities': /^[A-Za-z0-9][\w-]{2,127}$/,
  'microsoft.containerregistry/registries': /^[A-Za-z0-9]{5,50}$/,
  'microsoft.servicebus/namespaces': /^[A-Za-z](?!.*--)[A-Za-z0-9-]{4,48}(?<!-sb|-mgmt)[A-Za-z0-9]$/,
  'microsoft.servicebus/namespaces/queues': /^[^/]+\/[A-Za-z0-9]([\w./-]{0,258}[A-Za-z0-9])?$/,
  'microsoft.servicebus/namespaces/topics': /^[^/]+\/[A-Za-z0-9]([\w./-]{0,258}[A-Za-z0-9])?$/,
  'microsoft.servicebus/namespaces/topics/subscriptions': /^[^/]+\/.+\/[A-Za-z0-9]([\w.-]{0,48}[A-Za-z0-9])?$/,
  'microsoft.network/virtualnetworks': /^[A-Za-z0-9][\w.-]{0,62}\w$/,
  'microsoft.app/managedenvironments': /^[a-z](?!.*--)[a-z0-9-]{0,58}[a-z0-9]$/,
  'microsoft.app/containerapps': /^[a-z](?!.*--)[a-z0-9-]{0,30}[a-z0-9]$/,
  'microsoft.authorization/roleassignments': guid,
  'microsoft.insights/workbooks': guid,
  'microsoft.portal/dashboards': /^[A-Za-z0-9-]{3,160}$/,
  'microsoft.insights/diagnosticsettings': /^[\w.-]{1,260}$/,
  'microsoft.insights/actiongroups': /^[\w.()-]{1,260}$/,
  'microsoft.insights/activitylogalerts': alert,
  'microsoft.insights/metricalerts': alert,
  'microsoft.insights/scheduledqueryrules': alert,
  'microsoft.insights/webtests': alert,
  'microsoft.alertsmanagement/smartdetectoralertrules': /^Failure Anomalies - [\w.()-]{1,240}$/,
  'microsoft.alertsmanagement/actionrules': alert,
  'microsoft.cdn/profiles': /^[A-Za-z0-9][A-Za-z0-9-]{0,258}[A-Za-z0-9]$/,
  'microsoft.cdn/profiles/afdendpoints': /^[^/]+\/[A-Za-z0-9][A-Za-z0-9-]{0,44}[A-Za-z0-9]$/,
  'microsoft.cdn/profiles/afdendpoints/routes': /^[^/]+\/[^/]+\/[A-Za-z0-9][A-Za-z0-9-]{0,88}[A-Za-z0-9]$/,
  'microsoft.cdn/profiles/origingroups': /^[^/]+\/[A-Za-z0-9][A-Za-z0-9-]{0,88}[A-Za-z0-9]$/,
  'microsoft.cdn/profiles/origingroups/origins': /^[^/]+\/[^/]+\/[A-Za-z0-9][A-Za-z0-9-]{0,88}[A-Za-z0-9]$/,
  'microsoft.consumption/budgets': /^[\w-]{1,63}$/,
};
