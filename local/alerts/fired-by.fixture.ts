import { join } from 'node:path';
import type { Row } from '../application-insights/index.ts';
import { workspaceFunctions } from '../application-insights/index.ts';
import { tables } from '../application-insights/tables.ts';
import { openWorkspace } from '../application-insights/workspace/workspace.ts';
import { createMetricStore } from '../platform-metrics/metric-store.ts';
import { createAlertEvaluator } from './alert-evaluator.ts';
import { fillConfiguration } from './deployed/configuration.ts';
import { deployedRules } from './deployed/deployed-rules.ts';
import type { DeployedRule } from './deployed/rule-resources.ts';
import { openLogs } from './logs-at.ts';

const root = join(import.meta.dirname, '..', '..');
const start = Date.UTC(2026, 10, 22, 12);
/** A time, in minutes from the start of a story. */
export const minute = (minutes: number): Date => new Date(start + minutes * 60_000);

/** A value of a platform metric at a minute. */
export type Measurement = readonly [
  minute: number,
  metric: string,
  value: number,
  dimensions?: Readonly<Record<string, string>>,
];

/** A row without what every row has: its table, the minute, and the columns. */
export const rowAt = (Type: Row['Type'], minutes: number, columns: Readonly<Record<string, unknown>>): Row => ({
  Type,
  TimeGenerated: minute(minutes).toISOString(),
  ...columns,
});

/** The rules of a public level 4 with the queues `parcels` and `letters`: by the name of the rule, each with its resources. */
const deployed = Map.groupBy(
  deployedRules({
    root,
    configuration: fillConfiguration(root, { level: 4 }),
    entities: { queues: { parcels: {}, letters: {} }, topics: {} },
    environment: 'test',
    apps: ['service'],
    roles: ['service'],
  }),
  ({ rule }) => rule,
);

interface Happened {
  at: number;
  rows?: readonly Row[];
  measured?: readonly Measurement[];
  /** Puts a defect into the rule. */
  change?: (rule: DeployedRule) => DeployedRule;
}

/** Whether a rule is deployed: a module of rules may have been deleted. */
export const isDeployed = (rule: string): boolean => deployed.has(rule);

/** For which series a rule of this repository fires when it is evaluated at a minute; `all` where it is not split. */
export async function firedBy(
  rule: string,
  { at, rows = [], measured = [], change = (each) => each }: Happened,
): Promise<string[]> {
  const rules = (deployed.get(rule) ?? []).map(change);
  if (rules.length === 0) throw new Error(`No rule ${rule} is deployed at level 4`);
  let clock = minute(at);
  const workspace = await openWorkspace(tables, { earlier: () => rows, now: () => clock });
  const logs = openLogs({ tables: workspace, functions: workspaceFunctions() });
  const store = createMetricStore({ now: () => clock });
  for (const [when, metric, value, dimensions = {}] of measured) {
    clock = minute(when);
    store.record(metric, dimensions, value);
  }
  clock = minute(at);
  const evaluator = createAlertEvaluator({ ask: logs.ask, readMetric: store.read });
  evaluator.deploy(rules);
  try {
    const notices = await evaluator.evaluate(clock);
    for (const { name, why } of evaluator.rules()) if (why) throw new Error(`${name}: ${why}`);
    return notices.map(({ dimensions }) => dimensions.map(({ value }) => value).join('/') || 'all').sort();
  } finally {
    logs.close();
    await workspace.stop();
  }
}
