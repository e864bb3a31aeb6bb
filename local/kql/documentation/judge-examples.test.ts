import { expect, test } from 'vitest';
import { judgeExamples } from './judge-examples.ts';

const example = (query: string, answer = '1') => ({
  ...{ page: 'page.md', line: 1, query, columns: ['a'], rows: [[answer]], isCut: false },
});

test('an example agrees, differs, is refused, or asks what is not here', async () => {
  const judged = await judgeExamples([
    example('print a = 1'),
    example('print a = 2'),
    example('StormEvents | count'),
    example('print a = = 1'),
    example('print a = rand()'),
  ]);
  expect(judged.map(({ verdict }) => verdict)).toEqual([
    'answers as the page does',
    'differs',
    'asks a table of Microsoft',
    'refused by the language service',
    'refused by name',
  ]);
  expect(judged.map(({ why }) => why)).toEqual([
    '',
    expect.stringContaining('no row 1'),
    expect.stringContaining('StormEvents'),
    expect.stringMatching(/^KS/),
    expect.stringContaining('rand()'),
  ]);
});
