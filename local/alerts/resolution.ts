import { MINUTE_MS } from './iso-minutes.ts';

export type ResolvingKind = 'log' | 'metric';

/** "The alert condition isn't met for three consecutive checks" (alerts-overview.md). */
const METRIC_CHECKS = 3;

/**
 * How many minutes the condition of a stateful log rule must not be met, by the minutes between two checks, from
 * MicrosoftDocs/azure-monitor-docs articles/azure-monitor/alerts/alerts-overview.md: 1 minute: 10 minutes; 5 to 15 minutes:
 * three frequency periods; 15 minutes to 11 hours: two; 11 to 12 hours: one.
 *
 * ASSUMPTION. 15 minutes and 11 hours stand in two rows of that table: the longer time holds.
 */
export function minutesUntilResolved(frequency: number): number {
  if (frequency < 5) return 10;
  if (frequency <= 15) return 3 * frequency;
  return frequency <= 11 * 60 ? 2 * frequency : frequency;
}

/**
 * Whether an alert is resolved after these clear checks in a row.
 *
 * ASSUMPTION. Whether the time of a log rule begins with the last check that met the condition or with the first that did not
 * is not documented: the first that did not, which is later.
 */
export function isResolved(
  clear: readonly Date[],
  { kind, frequency }: { kind: ResolvingKind; frequency: number },
): boolean {
  if (kind === 'metric') return clear.length >= METRIC_CHECKS;
  const [first, last] = [clear.at(0), clear.at(-1)];
  if (first === undefined || last === undefined) return false;
  return last.getTime() - first.getTime() >= minutesUntilResolved(frequency) * MINUTE_MS;
}
