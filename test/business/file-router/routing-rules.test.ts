import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseRoutingRules, readRoutingRules } from '../../../src/business/file-router/routing-rules.ts';

const rulesOf = (...rules: object[]) => parseRoutingRules(JSON.stringify({ rules }), 'rules.json');
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
  expect(parseRoutingRules('\uFEFF{"rules":[{"destination":"d"}]}', 'rules.json')(file)).toBe('d');
});

test.each([
  ['{"rules":[{"destination":"d"}', /rules\.json is not JSON/],
  ['{"rules":[]}', /rules: /],
  ['{"rules":[{"nmae":"*.pdf","destination":"d"}]}', /rules\.0: .*nmae/],
  ['{"rules":[{"name":"*.pdf"}]}', /rules\.0\.destination/],
  ['{"rules":[{"destination":"../up"}]}', /rules\.0\.destination: must be lower-case letters, digits and hyphens/],
  ['{"rules":[{"minBytes":5,"maxBytes":4,"destination":"d"}]}', /rules\.0: minBytes is above maxBytes/],
  ['{"rules":[{"destination":"d"},{"name":"{a,b","destination":"d"}]}', /rules\.1\.name: a brace has no partner/],
  [
    '{"rules":[{"minBytes":-1,"destination":"d"},{"maxBytes":0.5,"destination":"d"}]}',
    /rules\.0\.minBytes[\s\S]*rules\.1\.maxBytes/,
  ],
])('the broken rules %s stop the start with a sentence', (text, sentence) => {
  expect(() => parseRoutingRules(text, 'rules.json')).toThrow(sentence);
});

test('a missing rules file is named, with the setting that names it', async () => {
  await expect(readRoutingRules('no-such-rules.json')).rejects.toThrow(/no-such-rules\.json.*FILE_ROUTER_RULES/);
});

test('the rules that the sample ships with send images, archives and documents apart and throw temporary files away', async () => {
  const route = await readRoutingRules(resolve(import.meta.dirname, '../../../routing-rules.json'));
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
