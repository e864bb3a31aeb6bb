import { expect, test } from 'vitest';
import { blocksOf } from './runbook-text.ts';

test('headings, text, lists and fenced code are told apart', () => {
  expect(
    blocksOf('## Look here\n\nFirst line,\nsecond line.\n\n- one\n- two\n\n```kusto\nAppRequests\n| take 1\n```\n'),
  ).toEqual([
    { kind: 'heading', text: 'Look here' },
    { kind: 'text', text: 'First line, second line.' },
    { kind: 'list', ordered: false, items: [[{ kind: 'text', text: 'one' }], [{ kind: 'text', text: 'two' }]] },
    { kind: 'code', language: 'kusto', text: 'AppRequests\n| take 1' },
  ]);
});

test('a query below a step of a list belongs to that step, without its indentation', () => {
  const [list, ...others] = blocksOf(
    '1. What it answers:\n\n   ```kusto\n   AppRequests\n   | take 1\n   ```\n2. Then ask.\n',
  );
  expect(others).toEqual([]);
  expect(list).toEqual({
    kind: 'list',
    ordered: true,
    items: [
      [
        { kind: 'text', text: 'What it answers:' },
        { kind: 'code', language: 'kusto', text: 'AppRequests\n| take 1' },
      ],
      [{ kind: 'text', text: 'Then ask.' }],
    ],
  });
});

test('a fence that is never closed ends with the text', () => {
  expect(blocksOf('```\nnpm run doctor')).toEqual([{ kind: 'code', language: '', text: 'npm run doctor' }]);
});
