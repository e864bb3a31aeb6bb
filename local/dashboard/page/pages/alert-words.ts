import type { AlertRuleRow } from '../../api/contract.ts';
import { formatCount } from '../format.ts';
import type { Mark } from '../parts/status.ts';

const marks: Readonly<Record<AlertRuleRow['state'], readonly [Mark, string]>> = {
  waiting: ['waiting', 'Not checked yet'],
  quiet: ['ok', 'Quiet'],
  fired: ['failed', 'Firing'],
  'without-data': ['off', 'Not measured'],
  refused: ['off', 'Only in Azure'],
  failing: ['warning', 'Cannot be checked'],
};

/** The state of a rule: its shape and its word. A rule that cannot be checked keeps the alerts that had fired. */
export function stateOfRule({ state, alerts }: Pick<AlertRuleRow, 'state' | 'alerts'>): readonly [Mark, string] {
  const [mark, word] = marks[state];
  return [mark, state === 'fired' && alerts.length > 1 ? `${word}, ${alerts.length}` : word];
}

/** Since when its oldest alert fires. */
export const sinceOf = ({ alerts }: Pick<AlertRuleRow, 'alerts'>): string | undefined =>
  alerts.map(({ since }) => since).toSorted()[0];

const signs: Readonly<Record<string, string>> = {
  GreaterThan: '>',
  GreaterThanOrEqual: '≥',
  LessThan: '<',
  LessThanOrEqual: '≤',
};

/** A number of a rule: at most two digits after the point. */
export const ruleNumber = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? '–'
    : Math.abs(value) < 100_000
      ? value.toLocaleString('en-US', { maximumFractionDigits: 2 })
      : formatCount(value);

/** What its last check compared. */
export const nowOf = ({ measured }: Pick<AlertRuleRow, 'measured'>): string =>
  measured.at(-1)?.values.map(ruleNumber).join(' · ') || '–';

/** ISO 8601 durations as the rules have them, in words: `15 min`, `2 days`. */
function spanInWords(duration: string): string {
  const [, days, hours, minutes] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  const words = [days && `${days}\u00a0d`, hours && `${hours}\u00a0h`, minutes && `${minutes}\u00a0min`].filter(
    Boolean,
  );
  return words.join(' ') || duration;
}

/** Such as `failedShare > 20 in 15 min`; `whole`: with how the numbers of a window become one. */
export function firesWhen({ criteria, window, periods, why = '' }: AlertRuleRow, { whole = false } = {}): string {
  if (criteria.length === 0) return why;
  const all = criteria.map(
    ({ measure, operator, threshold }) =>
      `${whole ? measure : measure.replace(/^\w+ of /, '')} ${signs[operator] ?? operator} ${threshold.toLocaleString('en-US')}`,
  );
  const often = periods && periods.of > 1 ? `, ${periods.needed} of ${periods.of} times` : '';
  return `${all.join(' and ')} in ${spanInWords(window)}${often}`;
}

/** How often it is checked. */
export const checkedEvery = ({ frequency }: Pick<AlertRuleRow, 'frequency'>): string => spanInWords(frequency);
