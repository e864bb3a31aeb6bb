import { afterAll, beforeAll, expect, test } from 'vitest';
import { businesses } from '../../src/business/index.ts';
import { definedEvents } from '../../src/observability/events.ts';
import { ruleCaseKinds, ruleClock } from './alert-rule-cases.fixture.ts';
import { allRuleCases, inWindow, verdictOn } from './alert-rule-verdict.fixture.ts';
import { azureRows, openQueriedRows, type QueriedRows } from './azure-rows.fixture.ts';
import { type DeployedLogRule, readDeployedLogRules } from './repository-queries.fixture.ts';

const rules = await readDeployedLogRules();
let tables: QueriedRows;
beforeAll(async () => {
  tables = await openQueriedRows(ruleClock);
});
afterAll(() => tables.close());

// A module of alerts can be deleted.
const cases = allRuleCases.filter(({ rule }) => Object.hasOwn(rules, rule));

test.each(cases)('$rule, $kind: $what', async ({ rule: name, rows, fires }) => {
  const rule = rules[name] as DeployedLogRule;
  expect(await verdictOn(tables, rule, rows)).toEqual(fires.toSorted());
});

test('a rule gets the rows of its window, with that of its first moment, and no others', () => {
  const { request } = azureRows(ruleClock);
  const rows = [request({ minutesAgo: 61 }), request({ minutesAgo: 60 }), request({ minutesAgo: 0 })];
  expect(inWindow({ window: 'PT1H' }, rows)).toEqual(rows.slice(1));
});

/** Azure writes these without sampling, and a row stands for itself. */
const unsampled = ['daily-cap', 'daily-cap-reached', 'guard-rails-weakened', 'restarts'];

/** A rule that reads an event of a business is that business's own, and so are the rows to try it with. */
const ofBusinesses = definedEvents().filter((event) =>
  businesses.some(({ name }) => event.name.startsWith(`${name}.`)),
);
const ofTemplate = Object.entries(rules).flatMap(([name, { query }]) =>
  ofBusinesses.some((event) => query.includes(`"${event.name}"`)) ? [] : [name],
);

test.each(ofTemplate)('%s is tried with rows of every kind', (name) => {
  const tried = new Set(cases.filter(({ rule }) => rule === name).map(({ kind }) => kind));
  const needed = ruleCaseKinds.filter((kind) => kind !== 'rows that stand for several' || !unsampled.includes(name));
  expect([...tried].sort()).toEqual(needed.sort());
});
