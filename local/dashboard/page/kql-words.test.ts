import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KqlNames, nextWord } from './kql-words.ts';

const names: KqlNames = { tables: new Set(['AppRequests']), columns: new Set(['Name', 'DurationMs']) };

function wordsOf(text: string): [string, string][] {
  const words: [string, string][] = [];
  for (let rest = text; rest !== ''; ) {
    const { length, word } = nextWord(rest, names);
    if (word !== 'other') words.push([rest.slice(0, length), word]);
    rest = rest.slice(length);
  }
  return words;
}

test('the words of a query are told apart as a reader tells them', () => {
  const query =
    'AppRequests // all\n| where DurationMs-ago(1d) > 1.5s and Name has "in (1)" | summarize count() by bin(Other, 15m) | project-away Name';
  expect(wordsOf(query)).toEqual([
    ['AppRequests', 'table'],
    ['// all', 'comment'],
    ['where', 'operator'],
    ['DurationMs', 'column'],
    ['ago', 'function'],
    ['1d', 'number'],
    ['1.5s', 'number'],
    ['and', 'operator'],
    ['Name', 'column'],
    ['has', 'operator'],
    ['"in (1)"', 'string'],
    ['summarize', 'operator'],
    ['count', 'function'],
    ['by', 'operator'],
    ['bin', 'function'],
    ['15m', 'number'],
    ['project-away', 'operator'],
    ['Name', 'column'],
  ]);
});

test('any text is read to its end', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const { length } = nextWord(text, names);
      expect(length).toBeGreaterThan(0);
      expect(length).toBeLessThanOrEqual(text.length);
    }),
  );
});
