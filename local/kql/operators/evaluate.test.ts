import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';
import { KqlUnsupported } from '../index.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

const bags = (...slots: string[]) =>
  `datatable(d: dynamic, s: string)[${slots.map((slot, at) => `dynamic(${slot}), "s${at}"`).join(', ')}]`;

// Of MicrosoftDocs/dataexplorer-docs bag-unpack-plugin.md: with a star the columns of the input but the unpacked one, then the declared.
test('the slots of a bag become the declared columns, beside those of the input with a star', async () => {
  const table = bags('{"Name": "John", "Age": 20, "height": 180}', '{"Name": "Dave", "Age": 40}');
  expect(await kql.rows(`${table} | evaluate bag_unpack(d) : (*, Name: string, Age: long)`)).toEqual([
    ['s0', 'John', 20],
    ['s1', 'Dave', 40],
  ]);
  expect(await kql.rows(`${table} | evaluate bag_unpack(d) : (Age: long)`)).toEqual([[20], [40]]);
});

test('a slot that is missing or null is null, and an empty string in a column of strings; what follows is bound', async () => {
  const table = bags('{"a": null, "n": 1}', '{}', 'null', '{"a": "x", "n": 2.5, "b": true, "m": {"k": [1]}}');
  const query = `${table} | evaluate bag_unpack(d) : (*, a: string, n: real, b: bool, m: dynamic) | where s != "" | project-away s`;
  expect(await kql.rows(query)).toEqual([
    ['', 1, null, null],
    ['', null, null, null],
    ['', null, null, null],
    ['x', 2.5, true, { k: [1] }],
  ]);
});

test('a missing text is an empty string for what follows, too', async () => {
  const table = bags('{}', '{"a": null}', 'null', '{"a": ""}', '{"a": "x"}');
  expect(await kql.rows(`${table} | evaluate bag_unpack(d) : (a: string) | where a == "" | count`)).toEqual([[4]]);
});

test.each([
  ['a text where a whole number is declared', '{"x": "1"}', 'x: long'],
  ['a fraction where a whole number is declared', '{"x": 1.5}', 'x: long'],
  ['a number where a text is declared', '{"x": 1}', 'x: string'],
  ['a bag where a text is declared', '{"x": {}}', 'x: string'],
])('%s stops the query, because what Azure answers is not documented', async (_, bag, column) => {
  await expect(kql.rows(`${bags(bag)} | evaluate bag_unpack(d) : (${column})`)).rejects.toThrow(/a slot x that is no/);
});

test.each([
  ['bag_unpack(d)', 'bag_unpack() without its columns'],
  ["bag_unpack(d, 'p_') : (p_a: string)", 'bag_unpack() with more than a column'],
  ['bag_unpack(d) : (*, s: string)', 'bag_unpack() into s, which is a column already'],
  ['bag_unpack(d) : (t: datetime)', 'bag_unpack() into a column of type datetime'],
  ['narrow()', 'evaluate narrow()'],
])('evaluate %s is refused by name', async (plugin, name) => {
  const refused = kql.rows(`${bags('{}')} | evaluate ${plugin}`);
  await expect(refused).rejects.toBeInstanceOf(KqlUnsupported);
  await expect(refused).rejects.toThrow(name);
});
