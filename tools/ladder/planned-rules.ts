import type { Resource } from '../bicep/predictions.ts';

/** An alert rule of Azure Monitor, as a person reads it before it is deployed. */
export interface PlannedRule {
  name: string;
  title: string;
  severity: number | undefined;
  /** Who feels it and the first action, as the alert says them. */
  description: string;
  /** The action groups that it tells. */
  tells: readonly string[];
}

interface RuleProperties {
  displayName?: string;
  description?: string;
  severity?: number;
  actions?: unknown;
}

const kinds = /\/(scheduledQueryRules|metricAlerts|activityLogAlerts|smartDetectorAlertRules)$/i;
/** The environment of the predictions, which ends a title. */
const environment = ' (snapshot)';

/** The alert rules among predicted resources. */
export const plannedRules = (resources: readonly Resource[]): PlannedRule[] =>
  resources.filter(({ type }) => kinds.test(type)).map(ruleOf);

function ruleOf({ name, properties = {} }: Resource): PlannedRule {
  const { displayName, description = '', severity, actions } = properties as RuleProperties;
  // A metric rule has no title of its own: its description begins with it.
  const texts = [displayName, description].join('. ').split(environment);
  const [title = name, ...rest] = texts.map((text) => text.replace(/^\. /, '')).filter(Boolean);
  const groups = [...JSON.stringify(actions ?? []).matchAll(/actionGroups\/([\w-]+)/g)].map(([, group = '']) => group);
  return { name: nameOf(name), title, severity, description: rest.join(' '), tells: [...new Set(groups)] };
}

const nameOf = (name: string) => name.replace(/-snapshot$/, '');
