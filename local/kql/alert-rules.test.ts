import '../../src/business/index.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { definedEvents } from '../../src/observability/events.ts';
import { aggregateNumbers } from '../alerts/conditions/aggregate-numbers.ts';
import { meets } from '../alerts/rule-properties.ts';
import type { Row } from '../application-insights/index.ts';
import { parseIsoDuration } from '../service-bus/iso-duration.ts';
import { ruleCaseKinds, ruleCases, ruleClock } from './alert-rule-cases.fixture.ts';
import { azureRows, openQueriedRows, type QueriedRows } from './azure-rows.fixture.ts';
import type { KqlResult } from './index.ts';
import { queueRuleCases } from './queue-rule-cases.fixture.ts';
import { replicaRuleCases } from './replica-rule-cases.fixture.ts';
import { type DeployedLogRule, filled, readDeployedLogRules } from './repository-queries.fixture.ts';

const rules = await readDeployedLogRules();
let tables: QueriedRows;
beforeAll(async () => {
  tables = await openQueriedRows(ruleClock);
});
afterAll(() => tables.close());

/** The dimensions for which a rule's condition holds. No row of the query, no alert. */
function firing({ aggregation, measure, operator, threshold, dimensions }: DeployedLogRule, result: KqlResult) {
  const groups = Map.groupBy(result.rows, (row) => dimensions.map((name) => row[name]).join(','));
  const isOver = (rows: KqlResult['rows']) =>
    meets[operator](
      aggregateNumbers[aggregation](rows.map((row) => Number(row[measure ?? '']))) ?? Number.NaN,
      Number(threshold),
    );
  return [...groups].flatMap(([name, rows]) => (isOver(rows) ? [name] : []));
}

/** Azure gives a rule the rows of its window and no others. */
function inWindow({ window }: Pick<DeployedLogRule, 'window'>, rows: readonly Row[]): Row[] {
  const start = ruleClock.getTime() - (parseIsoDuration(window) ?? Number.NaN);
  return rows.filter(({ TimeGenerated }) => Date.parse(TimeGenerated) >= start);
}

// A module of alerts can be deleted.
const cases = [...ruleCases, ...queueRuleCases, ...replicaRuleCases].filter(({ rule }) => Object.hasOwn(rules, rule));

test.each(cases)('$rule, $kind: $what', async ({ rule: name, rows, fires }) => {
  const rule = rules[name] as DeployedLogRule;
  const result = await tables.run(filled(rule.query), inWindow(rule, rows));
  expect(firing(rule, result)).toEqual(fires);
});

test('a rule gets the rows of its window, with that of its first moment, and no others', () => {
  const { request } = azureRows(ruleClock);
  const rows = [request({ minutesAgo: 61 }), request({ minutesAgo: 60 }), request({ minutesAgo: 0 })];
  expect(inWindow({ window: 'PT1H' }, rows)).toEqual(rows.slice(1));
});

/** Azure writes these without sampling. */
const unsampled = ['daily-cap', 'daily-cap-reached', 'restarts'];

/** A rule that reads an event of a business is that business's own, and so are the rows to try it with. */
const ofBusinesses = definedEvents().filter(({ name }) => !name.startsWith('message.'));
const ofTemplate = Object.entries(rules).flatMap(([name, { query }]) =>
  ofBusinesses.some((event) => query.includes(`"${event.name}"`)) ? [] : [name],
);

test.each(ofTemplate)('%s is tried with rows of every kind', (name) => {
  const tried = new Set(cases.filter(({ rule }) => rule === name).map(({ kind }) => kind));
  const needed = ruleCaseKinds.filter((kind) => kind !== 'rows that stand for several' || !unsampled.includes(name));
  expect([...tried].sort()).toEqual(needed.sort());
});
