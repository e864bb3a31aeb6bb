import type { AnalyticsRuleProperties } from '../analytics-rule-properties.ts';
import { MINUTE_MS } from '../iso-minutes.ts';
import { meets } from '../rule-properties.ts';
import type { Condition, Finding } from './finding.ts';
import type { AskLogs } from './log-condition.ts';

/**
 * "Microsoft Sentinel runs scheduled analytics rules on a five-minute delay from their scheduled time", to wait for rows that
 * come late (MicrosoftDocs/azure-docs articles/sentinel/scheduled-rules-overview.md).
 */
const DELAY_MINUTES = 5;

/**
 * The condition of an analytics rule: the rows of the result are counted, and where they are more than the threshold each is an
 * alert. Rows with the same entities are of the same incident.
 *
 * ASSUMPTION. The query runs five minutes late and as of its scheduled time: `ago()` counts from there, and a row that came
 * meanwhile with an older time is not seen, which is the later of what can be.
 */
export function analyticsCondition(
  { query, queryPeriod, triggerOperator, triggerThreshold, entityMappings }: AnalyticsRuleProperties,
  ask: AskLogs,
): Condition {
  const columns = entityMappings.map(({ fieldMappings: [{ columnName }] }) => columnName);
  return async (at) => {
    const result = await ask(query, queryPeriod, new Date(at.getTime() - DELAY_MINUTES * MINUTE_MS));
    const absent = columns.find((name) => !result.columns.some((column) => column.name === name));
    if (absent !== undefined) throw new Error(`The query has no column ${absent}`);
    const outcome = meets[triggerOperator](result.rows.length, triggerThreshold) ? 'met' : 'clear';
    if (result.rows.length === 0) return [{ dimensions: [], outcome, values: [0] }];
    return result.rows.map(
      (row): Finding => ({
        dimensions: columns.map((name) => ({ name, value: String(row[name] ?? '') })),
        outcome,
        values: [result.rows.length],
      }),
    );
  };
}
