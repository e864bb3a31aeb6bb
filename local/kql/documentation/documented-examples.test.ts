import { expect, test } from 'vitest';
import { examplesOf } from './documented-examples.ts';

const page = (text: string) => examplesOf('page.md', text.split('\n'));
const query = '```kusto\nprint a = 1,\n  b = "x"\n```\n';

test('a query is read with the table under it, and the line where it begins', () => {
  expect(
    page(`# Title\n\n${query}\n**Output**\n\n| a | b |\n|--|--|\n| 1 | x\\|y |\n| 2 | one<br>two |\n\nMore.`),
  ).toEqual([
    {
      page: 'page.md',
      line: 4,
      query: 'print a = 1,\n  b = "x"',
      columns: ['a', 'b'],
      rows: [
        ['1', 'x|y'],
        ['2', 'one\ntwo'],
      ],
      isCut: false,
    },
  ]);
});

test.each([
  ['a last row of dots', '**Output**\n\n| a |\n|--|\n| 1 |\n| ... |\n'],
  ['the prose above it', '**Output**\n\nThe table shows only the first 10 rows.\n\n| a |\n|--|\n| 1 |\n'],
])('an answer is cut where %s says so', (_, text) => {
  expect(page(query + text)).toMatchObject([{ rows: [['1']], isCut: true }]);
});

test.each([
  ['under the next query', `${query}**Output**\n\`\`\`kusto\nT\n\`\`\`\n\nNone.`],
  ['under the next heading', `${query}\n## Parameters\n\n**Output**\n\n| a |\n|--|\n| 1 |\n`],
  ['that nothing calls an answer', `${query}\nThe parameters:\n\n| a |\n|--|\n| 1 |\n`],
])('a table %s is no answer of the query', (_, text) => {
  expect(page(text)).toEqual([]);
});
