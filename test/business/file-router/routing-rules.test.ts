import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createFileRouter } from '../../../src/business/file-router/index.ts';
import { readRoutingRules } from '../../../src/business/file-router/routing-rules.ts';
import { recordedLog } from '../../platform/recorded-log.ts';

const parse = (text: string) => readRoutingRules({ name: 'rules.json', text });
const rulesOf = (...rules: object[]) => parse(JSON.stringify({ rules }));
const file = { name: 'report.pdf', contentType: 'application/pdf', bytes: 1000 };

test('the first rule that fits decides', () => {
  const route = rulesOf({ name: '*.pdf', destination: 'first' }, { destination: 'second' });
  expect(route(file)).toBe('first');
  expect(route({ ...file, name: 'a.txt' })).toBe('second');
});

test('a file that no rule fits goes nowhere, and so does one whose rule says null', () => {
  expect(rulesOf({ name: '*.txt', destination: 'documents' })(file)).toBeUndefined();
  expect(rulesOf({ name: '*.pdf', destination: null }, { destination: 'documents' })(file)).toBeUndefined();
});

test('name, media type and size must all fit', () => {
  const route = rulesOf({
    name: '*.pdf',
    contentType: 'application/*',
    minBytes: 10,
    maxBytes: 1000,
    destination: 'd',
  });
  expect(route(file)).toBe('d');
  expect(route({ ...file, contentType: 'text/plain' })).toBeUndefined();
  expect(route({ ...file, bytes: 1001 })).toBeUndefined();
  expect(route({ ...file, bytes: 9 })).toBeUndefined();
});

test('names match whatever their letter case, leading dot or Unicode composition', () => {
  expect(rulesOf({ name: '*.PDF', destination: 'd' })(file)).toBe('d');
  expect(rulesOf({ name: '*.env', destination: 'd' })({ ...file, name: '.env' })).toBe('d');
  expect(rulesOf({ name: 'é*', destination: 'd' })({ ...file, name: 'e\u0301a.txt' })).toBe('d');
});

test('a byte order mark before the rules is skipped', () => {
  expect(parse('\uFEFF{"rules":[{"destination":"d"}]}')(file)).toBe('d');
});

test.each([
  ['{"rules":[{"destination":"d"}', /rules\.json: line 1, column 30: found text that is not JSON/],
  ['{"rules":[]}', /rules: found a list; allowed: at least one rule/],
  ['{"rules":[{"nmae":"*.pdf","destination":"d"}]}', /rules\[0\]\.nmae: found an unknown key; .*did you mean name/],
  ['{"rules":[{"name":"*.pdf"}]}', /rules\[0\]\.destination: found nothing; allowed: .* or null for nowhere/],
  [
    '{"rules":[{"destination":"../up"}]}',
    /rules\[0\]\.destination: found "\.\.\/up"; allowed: lower-case letters, digits and hyphens/,
  ],
  [
    '{"rules":[{"minBytes":5,"maxBytes":4,"destination":"d"}]}',
    /rules\[0\]: found an object; allowed: minBytes of at most maxBytes/,
  ],
  [
    '{"rules":[{"destination":"d"},{"name":"{a,b","destination":"d"}]}',
    /rules\[1\]\.name: found "\{a,b"; allowed: .*a brace has no partner/,
  ],
  [
    '{"rules":[{"minBytes":-1,"destination":"d"},{"maxBytes":0.5,"destination":"d"}]}',
    /rules\[0\]\.minBytes[\s\S]*rules\[1\]\.maxBytes/,
  ],
])('the broken rules %s stop the start with a sentence', (text, sentence) => {
  expect(() => parse(text)).toThrow(sentence);
});

test('a missing rules file is named, with the setting that names it', async () => {
  const settings = { FILE_ROUTER_RULES: 'no-such-rules.json' };
  const start = () =>
    createFileRouter().start?.(
      { settings, log: recordedLog(), send: async () => {}, every() {} },
      new AbortController().signal,
    );
  expect(start).toThrow(/no-such-rules\.json \(FILE_ROUTER_RULES\): found no such file/);
});

test('the rules that the sample ships with send images, archives and documents apart and throw temporary files away', () => {
  const route = readRoutingRules({
    name: resolve(import.meta.dirname, '../../../src/business/file-router/routing-rules.json'),
  });
  const to = (name: string, contentType = 'application/octet-stream', bytes = 1) => route({ name, contentType, bytes });
  expect([
    to('a.JPG'),
    to('a', 'image/png'),
    to('a.zip'),
    to('a.txt', 'text/plain', 150_000),
    to('a.md'),
    to('a.tmp'),
  ]).toEqual(['images', 'images', 'archive', 'archive', 'documents', undefined]);
});
