export { type AlertRuleState, createAlertEvaluator } from './alert-evaluator.ts';
export { AlertUnsupported } from './alert-unsupported.ts';
export { webhookUrl } from './alert-webhook.ts';
export { fillConfiguration, readDeployedConfiguration } from './deployed/configuration.ts';
export { deployedRules } from './deployed/deployed-rules.ts';
export type { DeployedEntities } from './deployed/query-values.ts';
export type { AlertNotice } from './evaluated-rule.ts';
export { type LiveAlerts, startLiveAlerts } from './live-alerts.ts';
export { openLogs } from './logs-at.ts';
