import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createKqlChecker } from '../../tools/bicep/check-kql.ts';
import { eventFaults } from '../../tools/bicep/event-faults.ts';
import { RULE_FOLDERS, readLogRules } from '../../tools/bicep/generate-alert-rules.ts';
import { readQuestions } from '../../tools/bicep/generate-dashboards.ts';
import type { LogRule } from '../../tools/bicep/log-rule-file.ts';
import { readSources } from '../../tools/generate/sources.ts';
import { blocksOf } from '../docs/code-blocks.ts';
import { pages, textOf } from '../docs/pages.ts';
import { infra, root } from './bicep.ts';
import { hasModule } from './present-modules.ts';

const schema = JSON.parse(await readFile(join(infra, 'observability', 'log-analytics-schema.json'), 'utf8'));
const defaults = JSON.parse(await readFile(join(infra, 'observability', 'defaults.json'), 'utf8'));
const check = createKqlChecker(schema);
const rules: Record<string, LogRule> = Object.assign(
  {},
  ...(await Promise.all(RULE_FOLDERS.map((folder) => readLogRules(join(root, folder))))),
);
const questions = hasModule('dashboards') ? await readQuestions() : {};

/** A query as it is deployed with the defaults. Throws for a name that the file does not have. */
const filled = (query: string) =>
  query.replaceAll(/\{\{(\w+)\.(\w+)\}\}/g, (name, section, key) => {
    if (name === '{{service.roles}}') return '"app"';
    if (name === '{{queues.duplicateWindow}}') return "case(isempty(source), 1s, source == 'parcels', 10m+0s, 1s)";
    const value = defaults[section]?.[key];
    if (!Number.isInteger(value)) throw new Error(`${name} is not a number of observability.json.`);
    return String(value);
  });

test.each(Object.entries(rules))(
  'the rule %s is valid, and its columns are what its condition needs',
  (_name, rule) => {
    const { faults, columns } = check(filled(rule.query));
    expect(faults).toEqual([]);
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
    if (rule.measure !== undefined) expect(['int', 'long', 'real']).toContain(types[rule.measure]);
    for (const dimension of rule.dimensions)
      expect(['string', 'int', 'long', 'real'], dimension).toContain(types[dimension]);
    if (rule.periods > 1) expect(types.TimeGenerated).toBe('datetime');
  },
);

test.each(Object.entries(questions))('the question %s is valid', (_name, question) => {
  expect(check(filled(question.query)).faults).toEqual([]);
});

test.each([...Object.entries(rules), ...Object.entries(questions)])(
  '%s leaves probes out and counts what a row stands for',
  (_name, { query }) => {
    const tables = [...query.matchAll(/\bApp[A-Z]\w+\b(?=\s*(\n|$|,))/g)];
    if (tables.length === 0) return;
    expect(query).toContain('isempty(SyntheticSource)');
    // dcount and a countif over files count things, not rows.
    expect(query).not.toMatch(/\bcount\(\)/);
    expect(query).not.toMatch(/\bpercentiles?\(DurationMs/);
  },
);

test('every query of a page can be run as it stands, and asks for events and fields that are declared', async () => {
  const { events } = await readSources();
  const queries = pages.flatMap((page) =>
    // A block with a file is a rule that the reader writes, of a business that is not there yet.
    blocksOf(textOf(page)).flatMap(({ language, file, text }) =>
      language === 'kusto' && !file ? [{ page, text }] : [],
    ),
  );
  for (const { page, text } of queries)
    expect([...check(text).faults, ...eventFaults(page, text, events)], page).toEqual([]);
});

test.each([
  ['a misspelt column', 'AppRequests | where DurationMilliseconds > 1', /DurationMilliseconds/],
  ['a table that nothing fills', 'SigninLogs | take 1', /SigninLogs/],
  ['a text compared with a boolean', 'AppRequests | where Success == "False"', /compares bool with string/],
  ['a text compared with a number', 'AppRequests | where ResultCode == 500', /compares string with long/],
  ['a join that drops rows unseen', 'AppRequests | join AppEvents on OperationId', /without kind=/],
  ['a function that does not exist', 'AppRequests | summarize sumOf(ItemCount)', /sumOf/],
])('the checker refuses %s', (_what, query, fault) => {
  expect(check(query).faults.join('; ')).toMatch(fault);
});

test('the checker takes what is right: kinds of number mixed, a join with its kind', () => {
  expect(check('AppRequests | where ItemCount == 1.0 | join kind=inner (AppEvents) on OperationId').faults).toEqual([]);
});
