import type { Resource } from '../bicep/predictions.ts';

/** An alert rule of Azure Monitor or an analytics rule of Sentinel, as a person reads it before it is deployed. */
export interface PlannedRule {
  name: string;
  title: string;
  /** 0 to 4 in Azure Monitor, a word in Sentinel. */
  severity: number | string | undefined;
  /** Who feels it and the first action, as the alert says them. */
  description: string;
  /** The action groups that it tells, or Sentinel. */
  tells: readonly string[];
}

interface RuleProperties {
  displayName?: string;
  description?: string;
  severity?: number | string;
  actions?: unknown;
}

const kinds = /\/(scheduledQueryRules|metricAlerts|activityLogAlerts|smartDetectorAlertRules|alertRules)$/i;
/** The environment of the predictions, which ends a title. */
const environment = ' (snapshot)';

/** The alert rules among predicted resources. */
export const plannedRules = (resources: readonly Resource[]): PlannedRule[] =>
  resources.filter(({ type }) => kinds.test(type)).map(ruleOf);

function ruleOf({ type, name, properties = {} }: Resource): PlannedRule {
  const { displayName, description = '', severity, actions } = properties as RuleProperties;
  // A metric rule has no title of its own: its description begins with it.
  const texts = [displayName, description].join('. ').split(environment);
  const [title = name, ...rest] = texts.map((text) => text.replace(/^\. /, '')).filter(Boolean);
  const groups = [...JSON.stringify(actions ?? []).matchAll(/actionGroups\/([\w-]+)/g)].map(([, group = '']) => group);
  const isAnalytics = type.startsWith('Microsoft.SecurityInsights');
  return {
    name: isAnalytics ? nameInRunbook(description) : nameOf(name),
    ...{ title, severity, description: rest.join(' ') },
    tells: isAnalytics ? ['Microsoft Sentinel'] : [...new Set(groups)],
  };
}

/** An analytics rule has a GUID for a name; its runbook has the one that people know. */
const nameInRunbook = (description: string) => /([\w-]+)\.md$/.exec(description)?.[1] ?? '';

const nameOf = (name: string) => name.replace(/-snapshot$/, '');
