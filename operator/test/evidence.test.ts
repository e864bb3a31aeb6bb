import { expect, test } from 'vitest';
import defaults from '../../infra/observability/defaults.json' with { type: 'json' };
import schema from '../../infra/observability/log-analytics-schema.json' with { type: 'json' };
import { readEvidenceQueries } from '../../tools/assess/evidence-queries.ts';
import { createKqlChecker } from '../../tools/bicep/check-kql.ts';
import { readAssessArguments } from '../assess/assess-arguments.ts';
import { collectEvidence } from '../assess/evidence.ts';
import { CommandRefused } from '../command-refused.ts';

const check = createKqlChecker(schema);

test.each(readEvidenceQueries(defaults))('the query $name is valid and says what hurts', ({ query, notKnown }) => {
  expect(check(query)).toEqual({
    faults: [],
    columns: [
      { name: 'pain', type: 'bool' },
      { name: 'says', type: 'string' },
    ],
  });
  expect(query).not.toMatch(/undefined|\{\{/);
  expect(notKnown).toMatch(/\w\.$/);
});

test('what hurts is told with the question of the level that answers it, what does not with none', async () => {
  const answers = [[true, '12 dead letters'], ...Array(4).fill([false, 'nothing'])];
  const found = await collectEvidence(async () => [answers.shift() ?? []], defaults);
  expect(found.asksFor).toBe(2);
  expect(found.evidence.map(({ says }) => says)).toEqual([
    '12 dead letters. "What happened to this message, and is it lost?" is a question of Level 2 (recoverable).',
    ...Array(4).fill('nothing.'),
  ]);
});

test.each([
  '--evidence --apply',
  '--evidence --check',
  '--evidence --answers a',
  '--workspace w',
  '--run a',
  '--evidence --run a --workspace w',
])('"%s" is refused', (line) => {
  expect(() => readAssessArguments(line.split(' '))).toThrow(CommandRefused);
});
