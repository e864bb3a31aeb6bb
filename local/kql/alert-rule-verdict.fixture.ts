import { aggregateNumbers } from '../alerts/conditions/aggregate-numbers.ts';
import { meets } from '../alerts/rule-properties.ts';
import type { Row } from '../application-insights/index.ts';
import { parseIsoDuration } from '../service-bus/iso-duration.ts';
import { activityRuleCases } from './activity-rule-cases.fixture.ts';
import { ruleCases, ruleClock } from './alert-rule-cases.fixture.ts';
import type { QueriedRows } from './azure-rows.fixture.ts';
import { extractionRuleCases } from './extraction-rule-cases.fixture.ts';
import type { KqlResult } from './index.ts';
import { queueRuleCases } from './queue-rule-cases.fixture.ts';
import { replicaRuleCases } from './replica-rule-cases.fixture.ts';
import { type DeployedLogRule, filled } from './repository-queries.fixture.ts';
import { securityRuleCases } from './security-rule-cases.fixture.ts';

export const allRuleCases = [
  ...ruleCases,
  ...queueRuleCases,
  ...replicaRuleCases,
  ...securityRuleCases,
  ...activityRuleCases,
  ...extractionRuleCases,
];

/** The dimensions for which a rule's condition holds, in order. No row of the query, no alert. */
function firing({ aggregation, measure, operator, threshold, dimensions }: DeployedLogRule, result: KqlResult) {
  const groups = Map.groupBy(result.rows, (row) => dimensions.map((name) => row[name]).join(','));
  const isOver = (rows: KqlResult['rows']) =>
    meets[operator](
      aggregateNumbers[aggregation](rows.map((row) => Number(row[measure ?? '']))) ?? Number.NaN,
      Number(threshold),
    );
  return [...groups].flatMap(([name, rows]) => (isOver(rows) ? [name] : [])).sort();
}

/** Azure gives a rule the rows of its window and no others. */
export function inWindow({ window }: Pick<DeployedLogRule, 'window'>, rows: readonly Row[]): Row[] {
  const start = ruleClock.getTime() - (parseIsoDuration(window) ?? Number.NaN);
  return rows.filter(({ TimeGenerated }) => Date.parse(TimeGenerated) >= start);
}

/** For which dimensions a rule fires on these rows. */
export const verdictOn = async (tables: QueriedRows, rule: DeployedLogRule, rows: readonly Row[]): Promise<string[]> =>
  firing(rule, await tables.run(filled(rule.query), inWindow(rule, rows)));
