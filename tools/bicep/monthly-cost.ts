import type { Resource, Snapshot } from './predictions.ts';
import { costOf, type PriceFile, type PriceName } from './read-prices.ts';

/** `idle`: no replica works all month. `active`: each does all month. */
export type Use = 'idle' | 'active';

interface AppProperties {
  template: { containers: { resources: { cpu: number; memory: string } }[]; scale: { minReplicas: number } };
}

interface MetricRuleProperties {
  scopes: string[];
  /** A rule on an availability test has no list of criteria and watches one series. */
  criteria: { allOf?: { criterionType: string; dimensions?: { values: string[] }[] }[] };
}

const ofType = ({ predictedResources }: Snapshot, type: string): Resource[] =>
  predictedResources.filter((resource) => resource.type === type);

/** What the replicas that always run are given, in vCPU and GiB. */
export function sizeOfApps(snapshot: Snapshot): { apps: number; cpu: number; memory: number } {
  const apps = ofType(snapshot, 'Microsoft.App/containerApps').map(
    ({ properties }) => properties as never as AppProperties,
  );
  const sum = (of: (resources: { cpu: number; memory: string }) => number) =>
    apps
      .flatMap(({ template }) => template.containers.map(({ resources }) => template.scale.minReplicas * of(resources)))
      .reduce((total, each) => total + each, 0);
  return { apps: apps.length, cpu: sum(({ cpu }) => cpu), memory: sum(({ memory }) => Number.parseFloat(memory)) };
}

/** The log rules of a scenario, each as the meter that bills it. */
export const logRules = (snapshot: Snapshot): PriceName[] =>
  ofType(snapshot, 'Microsoft.Insights/scheduledQueryRules').map(({ name, properties }) => {
    const every = String(properties?.evaluationFrequency);
    const minutes = /^PT(\d+)M$/.exec(every)?.[1];
    if (minutes === undefined && !/^P(T\d+H|\d+D)$/.test(every)) throw new Error(`${name} runs every ${every}.`);
    const meters: Record<string, PriceName> = { 1: 'logRule1', 5: 'logRule5', 10: 'logRule10' };
    return meters[minutes ?? ''] ?? 'logRule15';
  });

/** The time series that the metric rules of a scenario watch, and how many of them have a learned threshold. */
export function metricSeries(snapshot: Snapshot, entities: number): { all: number; learned: number } {
  const rules = ofType(snapshot, 'Microsoft.Insights/metricAlerts').flatMap(({ properties }) => {
    const { scopes, criteria } = properties as never as MetricRuleProperties;
    return (criteria.allOf ?? [{ criterionType: 'one' }]).map(({ criterionType, dimensions = [] }) => ({
      learned: criterionType === 'DynamicThresholdCriterion',
      series: dimensions.reduce(
        (product, { values }) => product * (values.includes('*') ? entities : values.length),
        scopes.length,
      ),
    }));
  });
  const sum = (counted: typeof rules) => counted.reduce((total, { series }) => total + series, 0);
  return { all: sum(rules), learned: sum(rules.filter(({ learned }) => learned)) };
}

/** What a scenario costs in a month, by part, each rounded to a hundredth so that the parts add up as shown. */
export function monthlyCost(snapshot: Snapshot, use: Use, file: PriceFile) {
  const { hours, entities, telemetryGb, consoleGb, securityGb, archivedGb, archivedMonths } = file.assumed;
  const { cpu, memory } = sizeOfApps(snapshot);
  const seconds = hours * 3600;
  const series = metricSeries(snapshot, entities);
  const has = (type: string) => ofType(snapshot, type).length > 0;
  const parts = {
    compute:
      costOf(file, use === 'idle' ? 'vcpuIdle' : 'vcpuActive', cpu * seconds) +
      costOf(file, 'memory', memory * seconds),
    registry: ofType(snapshot, 'Microsoft.ContainerRegistry/registries').length * costOf(file, 'registry', hours / 24),
    serviceBus: has('Microsoft.ServiceBus/namespaces') ? costOf(file, 'serviceBus', hours) : 0,
    telemetry: costOf(file, 'telemetry', telemetryGb[use]),
    console: costOf(file, 'console', consoleGb[use]),
    logRules: logRules(snapshot).reduce((total, meter) => total + costOf(file, meter, 1), 0),
    security: has('Microsoft.SecurityInsights/onboardingStates') ? costOf(file, 'sentinel', securityGb[use]) : 0,
    archive: has('Microsoft.OperationalInsights/workspaces/dataExports')
      ? costOf(file, 'export', archivedGb[use]) + costOf(file, 'exportStorage', archivedGb[use] * archivedMonths)
      : 0,
    metricRules: costOf(file, 'metricSeries', series.all) + costOf(file, 'learnedThreshold', series.learned),
  };
  const cents = (amount: number) => Math.round(amount * 100) / 100;
  return Object.fromEntries(Object.entries(parts).map(([part, amount]) => [part, cents(amount)])) as typeof parts;
}

/**
 * What a second region adds in a month: all resources once more. The base charge of Service Bus is of the subscription, and
 * telemetry is divided between the regions, so that neither is paid twice.
 */
export function secondRegionCost(snapshot: Snapshot, use: Use, file: PriceFile): number {
  const { predictedResources } = snapshot;
  const total = (resources: Resource[]) =>
    Object.values(monthlyCost({ ...snapshot, predictedResources: resources }, use, file)).reduce(
      (sum, part) => sum + part,
    );
  return total([...predictedResources, ...predictedResources]) - total(predictedResources);
}
