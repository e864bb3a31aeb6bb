/** `refused`: it asks for something that is not evaluated on this machine. `failing`: its last check ended in an error. */
export type AlertState = 'waiting' | 'quiet' | 'fired' | 'without-data' | 'refused' | 'failing';

export interface AlertSeries {
  dimensions: readonly { name: string; value: string }[];
  values: readonly (number | undefined)[];
}

export interface AlertRuleRow {
  /** Of the resource. */
  name: string;
  title: string;
  severity: number;
  feels: string;
  state: AlertState;
  /** Why it is refused or fails. */
  why?: string | undefined;
  evaluatedAt?: string | undefined;
  window: string;
  frequency: string;
  /** It fires where all of them hold. Empty for a rule that is refused. */
  criteria: readonly { measure: string; operator: string; threshold: number }[];
  /** Of a log rule: of how many windows so many must hold. */
  periods?: { needed: number; of: number } | undefined;
  /** The drill that proves it. */
  drill?: string | undefined;
  /** Those that have fired and are not resolved. */
  alerts: readonly (AlertSeries & { since: string })[];
  /** What its newest checks compared, one number for each criterion; the newest last. */
  measured: readonly { at: string; values: readonly (number | null)[] }[];
}

/** `GET alert-rules`: those of the present level, as a deployment of it would have them. */
export interface AlertRules {
  rules: AlertRuleRow[];
}

/** `GET alert-rules/:name` */
export interface AlertRuleFacts extends AlertRuleRow {
  module: string;
  group: string;
  firstAction: string;
  query?: string | undefined;
  /** The newest last. */
  history: readonly (AlertSeries & { at: string; monitorCondition: 'Fired' | 'Resolved'; muted: boolean })[];
  /** What the action group would have been sent last. */
  payload?: object;
  runbook: { path: string; text?: string };
}
