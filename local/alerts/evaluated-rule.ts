import { randomUUID } from 'node:crypto';
import { type AlertDimension, type Condition, type Finding, seriesKey } from './conditions/finding.ts';
import type { DeployedRule } from './deployed/rule-resources.ts';
import { MINUTE_MS } from './iso-minutes.ts';
import { isResolved, type ResolvingKind } from './resolution.ts';

/** An alert that fired or was resolved. */
export interface AlertNotice {
  readonly rule: DeployedRule;
  /** Of the alert: the same when it fires and when it is resolved. */
  readonly id: string;
  readonly monitorCondition: 'Fired' | 'Resolved';
  readonly at: Date;
  readonly firedAt: Date;
  readonly dimensions: readonly AlertDimension[];
  readonly values: Finding['values'];
  /** The action group is not told. */
  readonly muted: boolean;
}

/** An alert that has fired and is not resolved. */
interface OpenAlert {
  readonly id: string;
  readonly firedAt: Date;
  readonly dimensions: readonly AlertDimension[];
  values: Finding['values'];
  /** The checks in a row that were clear, the oldest first. */
  clear: Date[];
}

export interface EvaluatedRule {
  check(at: Date): Promise<AlertNotice[]>;
  open(): readonly Readonly<OpenAlert>[];
}

/** What of a rule decides when its alerts end and are told. */
export interface AlertLife {
  /** An incident of Sentinel is closed by a person, and by nothing else. */
  readonly kind: ResolvingKind | 'incident';
  /** Minutes between two checks. */
  readonly frequency: number;
  readonly autoMitigate: boolean;
  /** Minutes after a telling in which no other is told. */
  readonly mute?: number | undefined;
}

/**
 * The alerts of one rule over time, one for each series. Stateful (`autoMitigate`): it fires once and is resolved when the
 * condition is not met for long enough. Stateless: it fires at each check that meets the condition, and nothing resolves it
 * (MicrosoftDocs/azure-monitor-docs articles/azure-monitor/alerts/alerts-overview.md, "Alerts and state"). An incident of an
 * analytics rule stays open, and takes up all later alerts on the same entities: no person closes it here.
 *
 * ASSUMPTIONS, each for the later resolution. A log series that vanishes from the result is clear from then on; a metric series
 * without a value is not, and its clear checks are counted anew. Before an alert of a log rule is resolved, its clear checks
 * are made once more on the rows that are there now: where rows that came late meet the condition, it stays fired. Muting counts
 * for each series by itself, and a muted alert is in the history.
 */
export function createEvaluatedRule(rule: DeployedRule, life: AlertLife, condition: Condition): EvaluatedRule {
  const open = new Map<string, OpenAlert>();
  const told = new Map<string, Date>();

  const fire = (at: Date, key: string, { dimensions, values }: Finding): AlertNotice => {
    const id = randomUUID();
    const last = told.get(key);
    const muted = last !== undefined && at.getTime() < last.getTime() + (life.mute ?? 0) * MINUTE_MS;
    if (!muted) told.set(key, at);
    if (life.autoMitigate) open.set(key, { id, firedAt: at, dimensions, values, clear: [] });
    return { rule, id, monitorCondition: 'Fired', at, firedAt: at, dimensions, values, muted };
  };

  /** Whether no row that came late changes what the clear checks said; the rest of them count. */
  const stillClear = async (key: string, alert: OpenAlert): Promise<boolean> => {
    if (life.kind === 'metric') return true;
    for (const check of alert.clear.slice(0, -1)) {
      const again = (await condition(check)).find(({ dimensions }) => seriesKey(dimensions) === key);
      if (again?.outcome !== 'met') continue;
      alert.clear = alert.clear.filter((each) => each > check);
      return false;
    }
    return true;
  };

  /** What a check that does not meet the condition does to an alert. */
  const ease = async (
    at: Date,
    key: string,
    alert: OpenAlert,
    finding: Finding | undefined,
  ): Promise<AlertNotice[]> => {
    if (life.kind === 'incident') return [];
    const isUnknown = finding === undefined ? life.kind === 'metric' : finding.outcome === 'unknown';
    alert.clear = isUnknown ? [] : [...alert.clear, at];
    if (!isResolved(alert.clear, { kind: life.kind, frequency: life.frequency }) || !(await stillClear(key, alert)))
      return [];
    open.delete(key);
    const { id, firedAt, dimensions } = alert;
    const values = finding?.values ?? [];
    return [{ rule, id, monitorCondition: 'Resolved', at, firedAt, dimensions, values, muted: false }];
  };

  return {
    async check(at) {
      const findings = new Map((await condition(at)).map((finding) => [seriesKey(finding.dimensions), finding]));
      const notices: AlertNotice[] = [];
      for (const key of [...new Set([...open.keys(), ...findings.keys()])].sort()) {
        const alert = open.get(key);
        const finding = findings.get(key);
        if (finding?.outcome !== 'met') {
          if (alert) notices.push(...(await ease(at, key, alert, finding)));
        } else if (alert) {
          Object.assign(alert, { clear: [], values: finding.values });
        } else {
          notices.push(fire(at, key, finding));
        }
      }
      return notices;
    },
    open: () => [...open.values()],
  };
}
