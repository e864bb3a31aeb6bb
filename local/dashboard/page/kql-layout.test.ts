import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionFor, layOutKql, withCondition } from './kql-layout.ts';

test('each pipe has a line; pipes in brackets and in texts stay where they are', () => {
  expect(layOutKql('AppRequests|where Name=="a | b"   | where Id in ((AppTraces | distinct Id))')).toBe(
    'AppRequests\n| where Name=="a | b"\n| where Id in ((AppTraces | distinct Id))\n',
  );
});

test('statements and comments have lines of their own, and a comment never takes in what follows it', () => {
  expect(layOutKql('let a = 1; // first\nAppRequests // all\n| take a // some\n  // end')).toBe(
    'let a = 1;\n// first\nAppRequests // all\n| take a // some\n// end\n',
  );
});

test('a line that is too long is broken after its commas', () => {
  const figures = [
    'Requests = sum(ItemCount)',
    'Failed = sumif(ItemCount, Success == false)',
    'P95 = percentile(DurationMs, 95)',
  ];
  expect(layOutKql(`AppRequests | summarize ${figures.join(', ')} by Name`)).toBe(
    `AppRequests\n| summarize ${figures.join(',\n    ')} by Name\n`,
  );
});

test('nothing but blanks changes, and laying out again changes nothing', () => {
  const part = fc.constantFrom(
    'AppRequests',
    '|',
    'where',
    ' ',
    '\n',
    '// why\n',
    '"a | b"',
    "'it''s'",
    '(',
    ')',
    ',',
    ';',
    '==',
    '1h',
    'by',
  );
  const packed = (text: string) => text.replaceAll(/\s+/g, '');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const query = parts.join(' ');
      const laid = layOutKql(query);
      expect(packed(laid)).toBe(packed(query));
      expect(layOutKql(laid)).toBe(laid);
    }),
  );
});

test('a condition comes at the end, and before render', () => {
  expect(withCondition('AppRequests\n| take 5\n', 'Success == false')).toBe(
    'AppRequests\n| take 5\n| where Success == false\n',
  );
  expect(withCondition('AppRequests\n| count\n| render timechart', 'Count > 1')).toBe(
    'AppRequests\n| count\n| where Count > 1\n| render timechart\n',
  );
});

test('a condition has the value as its type is written', () => {
  expect(conditionFor('Name', 'string', 'POST "x"')).toBe('Name == "POST \\"x\\""');
  expect(conditionFor('TimeGenerated', 'datetime', '2026-11-22T10:00:00Z')).toBe(
    'TimeGenerated == datetime(2026-11-22T10:00:00Z)',
  );
  expect(conditionFor('avg DurationMs', 'real', 4.5)).toBe('["avg DurationMs"] == 4.5');
  expect(conditionFor('Success', 'bool', false)).toBe('Success == false');
  expect(conditionFor('Properties', 'dynamic', { a: 1 })).toBe('tostring(Properties) == "{\\"a\\":1}"');
  expect(conditionFor('ParentId', 'string', null)).toBe('isempty(ParentId)');
  expect(conditionFor('DurationMs', 'real', null)).toBe('isnull(DurationMs)');
});
