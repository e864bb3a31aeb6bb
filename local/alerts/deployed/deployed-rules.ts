import { analyticsRuleResource } from './analytics-rule-resource.ts';
import { type DeployedConfiguration, modulesThatAreOn } from './configuration.ts';
import { type DeployedEntities, queryValues } from './query-values.ts';
import { type MetricRuleInFile, type RuleModule, readAnalyticsRules, readRuleFiles } from './rule-files.ts';
import { type DeployedRule, logRuleResource, metricRuleResource } from './rule-resources.ts';

export interface RuleDeployment {
  /** The checkout whose rules they are. */
  root: string;
  configuration: DeployedConfiguration;
  entities: DeployedEntities;
  /** The name of the environment, which the names and titles of alerts carry. */
  environment: string;
  /** The container apps; the first answers callers. */
  apps: readonly string[];
  /** As which they report. */
  roles: readonly string[];
}

/**
 * The log, metric and analytics rules of a deployment, from the files that Bicep loads, as `basic-alerts`, `alert-rules` and
 * `security-events` deploy them. A
 * test holds them against the committed predictions of the compiler. Throws `AlertUnsupported` for a field of a file that is
 * not known here.
 */
export function deployedRules(deployment: RuleDeployment): DeployedRule[] {
  const active = modulesThatAreOn(deployment.root, deployment.configuration);
  return [
    ...(active.includes('basic-alerts') ? rulesOf('basic-alerts', deployment, active) : []),
    ...(active.includes('alert-rules') ? rulesOf('alert-rules', deployment, active) : []),
    ...(active.includes('security-events') ? analyticsRulesOf(deployment, active) : []),
  ];
}

function analyticsRulesOf({ root, environment }: RuleDeployment, active: readonly string[]): DeployedRule[] {
  const values = { 'deployment.resourceGroups': `"rg-${environment}"` };
  return Object.entries(readAnalyticsRules(root))
    .filter(([, { modules }]) => modules.every((needed) => active.includes(needed)))
    .map(([name, rule]) => analyticsRuleResource(name, rule, environment, values));
}

/** The level 1 module has one action group; the other pages for severity 0 and 1 and opens a ticket for the rest. */
const groupOf = (module: RuleModule, severity: number): string =>
  module === 'basic-alerts' ? 'ag-basic' : severity <= 1 ? 'ag-page' : 'ag-ticket';

function rulesOf(module: RuleModule, deployment: RuleDeployment, active: readonly string[]): DeployedRule[] {
  const { root, configuration, entities, environment, roles } = deployment;
  const files = readRuleFiles(root, module);
  const place = (rule: string, severity: number) => ({ rule, module, environment, group: groupOf(module, severity) });
  const values = module === 'basic-alerts' ? {} : queryValues(configuration, entities, roles);
  // Without Service Bus there is no event of a message, so that a rule on one would cost and never fire.
  const log = Object.entries(files.log).filter(
    ([, rule]) =>
      module === 'basic-alerts' ||
      (rule.modules.every((needed) => active.includes(needed)) &&
        (hasServiceBus(entities) || !rule.query.includes('"message.'))),
  );
  return [
    ...log.map(([name, rule]) => logRuleResource(rule, place(name, rule.severity), values)),
    ...Object.entries(files.metric).flatMap(([name, rule]) =>
      watchedBy(rule, deployment).map((watched) => metricRuleResource(rule, place(name, rule.severity), watched)),
    ),
  ];
}

const hasServiceBus = ({ queues, topics }: DeployedEntities) => Object.keys({ ...queues, ...topics }).length > 0;

/** What a metric rule is deployed for: one entry for each resource of it. */
function watchedBy({ scope }: MetricRuleInFile, { configuration, entities, apps }: RuleDeployment) {
  switch (scope) {
    case 'service-bus':
      return hasServiceBus(entities) ? [{}] : [];
    case 'queue':
      return Object.keys(entities.queues).map((queue) => ({
        watched: queue.replaceAll('/', '-'),
        dimensions: { EntityName: [queue] },
      }));
    case 'app':
      return apps.map((watched) => ({ watched }));
    case 'ingress':
      return apps.slice(0, 1).map((watched) => ({ watched }));
    case 'availability-test': {
      const { public: isPublic, availabilityTest } = configuration.deployment;
      return isPublic ? [{ locations: availabilityTest.locations }] : [];
    }
  }
}
