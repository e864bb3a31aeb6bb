export type { AlertRuleState } from './alert-evaluator.ts';
export { AlertUnsupported } from './alert-unsupported.ts';
export { webhookUrl } from './alert-webhook.ts';
export { readDeployedConfiguration } from './deployed/configuration.ts';
export { deployedRules } from './deployed/deployed-rules.ts';
export type { AlertNotice } from './evaluated-rule.ts';
export { type LiveAlerts, startLiveAlerts } from './live-alerts.ts';
