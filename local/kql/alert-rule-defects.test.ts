import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseIsoDuration } from '../service-bus/iso-duration.ts';
import { ruleClock } from './alert-rule-cases.fixture.ts';
import { allRuleCases, verdictOn } from './alert-rule-verdict.fixture.ts';
import { openQueriedRows, type QueriedRows } from './azure-rows.fixture.ts';
import { type DeployedLogRule, readDeployedLogRules } from './repository-queries.fixture.ts';

const rules = await readDeployedLogRules();
let tables: QueriedRows;
beforeAll(async () => {
  tables = await openQueriedRows(ruleClock);
});
afterAll(() => tables.close());

const MINUTE_MS = 60_000;

/** The rule with one defect each: its window halved, its threshold raised, a dimension lost, a filter dropped. */
function* defectsOf(rule: DeployedLogRule): Generator<[defect: string, rule: DeployedLogRule]> {
  const minutes = (parseIsoDuration(rule.window) ?? Number.NaN) / MINUTE_MS;
  yield ['window halved', { ...rule, window: `PT${Math.floor(minutes / 2)}M` }];
  yield ['threshold raised', { ...rule, threshold: String(2 * Number(rule.threshold) || 1) }];
  for (const dimension of rule.dimensions)
    yield [
      `dimension ${dimension} lost`,
      { ...rule, dimensions: rule.dimensions.filter((name) => name !== dimension) },
    ];
  const lines = rule.query.split('\n');
  for (const [index, line] of lines.entries())
    if (line.trim().startsWith('| where'))
      yield [`"${line.trim()}" dropped`, { ...rule, query: lines.filter((_, each) => each !== index).join('\n') }];
}

/** Defects that change no answer. */
const harmless = new Set(['telemetry-silent: window halved']); // a row that is too old says the same as no row

const defects = Object.entries(rules)
  .flatMap(([name, rule]) =>
    allRuleCases.some((each) => each.rule === name)
      ? [...defectsOf(rule)].map(([defect, changed]) => ({ name, defect, changed }))
      : [],
  )
  .filter(({ name, defect }) => !harmless.has(`${name}: ${defect}`));

test.each(defects)('$name with its $defect gives another answer to one of its cases', async ({ name, changed }) => {
  for (const { rows, fires, rule } of allRuleCases) {
    if (rule !== name) continue;
    const verdict = await verdictOn(tables, changed, rows).catch(() => undefined);
    if (JSON.stringify(verdict) !== JSON.stringify(fires.toSorted())) return;
  }
  expect.fail('no case notices it: add one');
});
