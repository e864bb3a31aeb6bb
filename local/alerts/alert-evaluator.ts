import { isDeepStrictEqual } from 'node:util';
import { AlertUnsupported } from './alert-unsupported.ts';
import { readAnalyticsRuleProperties } from './analytics-rule-properties.ts';
import { analyticsCondition } from './conditions/analytics-condition.ts';
import type { Condition, Finding } from './conditions/finding.ts';
import { type AskLogs, logCondition } from './conditions/log-condition.ts';
import { metricCondition, type ReadMetric } from './conditions/metric-condition.ts';
import type { DeployedRule } from './deployed/rule-resources.ts';
import { type AlertNotice, createEvaluatedRule, type EvaluatedRule } from './evaluated-rule.ts';
import { MINUTE_MS } from './iso-minutes.ts';
import { type Measurement, measurementOf, type RuleCriterion, watchedBy } from './measured-rule.ts';
import { readLogRuleProperties, readMetricRuleProperties } from './rule-properties.ts';

/** How many notices a rule remembers. */
const REMEMBERED = 100;

/** A rule with what became of it, as `GET /api/alerts` answers it. */
export interface AlertRuleState extends Omit<DeployedRule, 'properties' | 'target'> {
  /**
   * `waiting`: not evaluated yet. `without-data`: no series of its metric is measured here. `refused`: it asks for something that is
   * not evaluated here. `failing`: the last evaluation ended in an error, and its alerts are as they were.
   */
  state: 'waiting' | 'quiet' | 'fired' | 'without-data' | 'refused' | 'failing';
  /** Why it is refused or fails. */
  why?: string | undefined;
  /** What it compares; empty for a rule that is refused. */
  criteria: readonly RuleCriterion[];
  query?: string | undefined;
  periods?: { needed: number; of: number } | undefined;
  /** What the newest checks compared, the newest last. */
  measured: readonly Measurement[];
  /** ISO time. */
  evaluatedAt?: string | undefined;
  /** The alerts that have fired and are not resolved. */
  alerts: { since: string; dimensions: AlertNotice['dimensions']; values: Finding['values'] }[];
  /** The newest last. */
  history: {
    at: string;
    monitorCondition: AlertNotice['monitorCondition'];
    dimensions: AlertNotice['dimensions'];
    values: Finding['values'];
    muted: boolean;
  }[];
}

export interface AlertEvaluator {
  /** These are the rules from now on. One that is as it was keeps its alerts and history; one that has changed begins anew. */
  deploy(rules: readonly DeployedRule[]): void;
  /** Evaluates the rules that are due at a time, one after the other. Never throws: a rule that fails says so in its state. */
  evaluate(at: Date): Promise<AlertNotice[]>;
  rules(): AlertRuleState[];
  /** The newest notice of a rule, by the name of its resource. */
  newest(name: string): AlertNotice | undefined;
}

interface Entry {
  readonly rule: DeployedRule;
  /** Absent for a rule that is refused. */
  readonly evaluated: { readonly by: EvaluatedRule; readonly frequency: number } | undefined;
  readonly watched: ReturnType<typeof watchedBy>;
  measured: Measurement[];
  why: string | undefined;
  due: Date | undefined;
  at: Date | undefined;
  hasData: boolean;
  history: AlertNotice[];
}

/**
 * Evaluates alert rules as Azure does, on the rows and metrics of this machine. A rule is due first when it is new and then at
 * its frequency; time is that of the caller alone, so that hours can be laid out in a moment.
 */
export function createAlertEvaluator({ ask, readMetric }: { ask: AskLogs; readMetric: ReadMetric }): AlertEvaluator {
  let entries: Entry[] = [];

  const add = (rule: DeployedRule): Entry => {
    const entry: Entry = {
      ...{ rule, evaluated: undefined, why: undefined, due: undefined, at: undefined },
      ...{ hasData: true, history: [], measured: [], watched: { criteria: [] } },
    };
    const watch =
      (condition: Condition): Condition =>
      async (at) => {
        const findings = await condition(at);
        // Before an alert is resolved, its earlier checks are made once more.
        if (at === entry.at) remember(entry, findings);
        return findings;
      };
    try {
      return Object.assign(entry, {
        evaluated: prepare(rule, { ask, readMetric }, watch),
        watched: watchedBy(rule),
      });
    } catch (error) {
      if (!(error instanceof AlertUnsupported)) throw error;
      return Object.assign(entry, { why: error.message });
    }
  };

  const check = async (entry: Entry, at: Date): Promise<AlertNotice[]> => {
    if (entry.evaluated === undefined || (entry.due && at < entry.due)) return [];
    const { by, frequency } = entry.evaluated;
    entry.due = nextAfter(at, entry.due ?? at, frequency);
    entry.at = at;
    try {
      const notices = await by.check(at);
      entry.why = undefined;
      entry.history = [...entry.history, ...notices].slice(-REMEMBERED);
      return notices;
    } catch (error) {
      entry.why = (error as Error).message;
      return [];
    }
  };

  return {
    deploy(rules) {
      const before = entries;
      entries = rules.map((rule) => before.find((entry) => isDeepStrictEqual(entry.rule, rule)) ?? add(rule));
    },
    async evaluate(at) {
      const notices: AlertNotice[] = [];
      for (const entry of entries) notices.push(...(await check(entry, at)));
      return notices;
    },
    rules: () => entries.map(describe),
    newest: (name) => entries.find(({ rule }) => rule.name === name)?.history.at(-1),
  };
}

/** A metric that nothing measures has no series at all; a query that answers no row is quiet. */
function remember(entry: Entry, findings: readonly Finding[]): void {
  const { rule, watched, at } = entry;
  if (rule.kind === 'metricAlerts') entry.hasData = findings.length > 0;
  if (at) entry.measured = [...entry.measured, measurementOf(at, findings, watched.criteria)].slice(-REMEMBERED);
}

/** The next time of a rhythm after `at`: what was slept through is not made up for. */
function nextAfter(at: Date, due: Date, frequency: number): Date {
  const width = frequency * MINUTE_MS;
  return new Date(due.getTime() + (Math.floor((at.getTime() - due.getTime()) / width) + 1) * width);
}

/** Throws `AlertUnsupported`. */
function prepare(
  rule: DeployedRule,
  { ask, readMetric }: { ask: AskLogs; readMetric: ReadMetric },
  watch: (condition: Condition) => Condition,
): NonNullable<Entry['evaluated']> {
  if (rule.kind === 'metricAlerts') {
    const read = readMetricRuleProperties(rule.name, rule.properties);
    const { evaluationFrequency: frequency, autoMitigate } = read;
    const condition = metricCondition(read, readMetric);
    const life = { kind: 'metric', frequency, autoMitigate } as const;
    return { by: createEvaluatedRule(rule, life, watch(condition)), frequency };
  }
  if (rule.kind === 'alertRules') {
    const read = readAnalyticsRuleProperties(rule.name, rule.properties);
    const frequency = read.queryFrequency;
    const life = { kind: 'incident', frequency, autoMitigate: true } as const;
    return { by: createEvaluatedRule(rule, life, watch(analyticsCondition(read, ask))), frequency };
  }
  const read = readLogRuleProperties(rule.name, rule.properties);
  const { evaluationFrequency: frequency, autoMitigate, muteActionsDuration: mute } = read;
  const life = { kind: 'log', frequency, autoMitigate, mute } as const;
  return { by: createEvaluatedRule(rule, life, watch(logCondition(read, ask))), frequency };
}

function describe({ rule, evaluated, watched, why, at, hasData, history, measured }: Entry): AlertRuleState {
  const { properties, target, ...about } = rule;
  const open = evaluated?.by.open() ?? [];
  const quiet = at === undefined ? 'waiting' : hasData ? 'quiet' : 'without-data';
  const state = evaluated === undefined ? 'refused' : why ? 'failing' : open.length > 0 ? 'fired' : quiet;
  return {
    ...about,
    ...watched,
    state,
    why,
    measured,
    evaluatedAt: at?.toISOString(),
    alerts: open.map(({ firedAt, dimensions, values }) => ({ since: firedAt.toISOString(), dimensions, values })),
    history: history.map(({ at: then, monitorCondition, dimensions, values, muted }) => ({
      ...{ at: then.toISOString(), monitorCondition, dimensions, values, muted },
    })),
  };
}
