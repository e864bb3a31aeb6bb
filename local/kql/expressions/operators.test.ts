import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';
import { KqlUnsupported } from '../kql-fault.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

test.each([
  ['7 / 2', 3],
  ['-7 / 2', -3],
  ['7 / 2.0', 3.5],
  ['1.0 / 0', Infinity],
  ['0.0 / 0', NaN],
  ['1 / 0', null],
  ['-14 % 12', 10],
  ['-10 % -4', 2],
  ['14 % 12', 2],
  ['200000000 * 20', 4000000000],
  ['int(2000000000) + int(2000000000)', 4000000000],
  ['9223372036854775807', 9223372036854775807n],
  ['1 + long(null)', null],
  ['0x1F', 31],
  ['1d / 1h', 24],
  ['1d * 1.5', '1.12:00:00'],
  ['2 * 1d', '2.00:00:00'],
  ['1d / 2', '12:00:00'],
  ['25h % 1d', '01:00:00'],
  ['datetime(2020-01-02) - datetime(2020-01-01)', '1.00:00:00'],
  ['datetime(2020-01-01) + 1d', '2020-01-02T00:00:00.0000000Z'],
  ['datetime(2020-01-01 00:00:00.0000001) - 1tick', '2020-01-01T00:00:00.0000000Z'],
  ['time(1.02:03:04.5678901)', '1.02:03:04.5678901'],
  ['-1.5d', '-1.12:00:00'],
  ['"a" "b"', 'ab'],
  ["'it''s'", "it''s"],
  ['@"c:\\d"', 'c:\\d'],
  ['"tab\\tnew"', 'tab\tnew'],
])('%s', async (expression, expected) => {
  const value = await kql.value(expression.replace("'it''s'", '"it\'\'s"'));
  expect(value).toEqual(expected);
});

test.each([
  ['5 == int(null)', false],
  ['5 != int(null)', true],
  ['int(null) == int(null)', null],
  ['int(null) != int(null)', null],
  ['not(5 == int(null))', true],
  ['(5 == int(null)) == false', true],
  ['5 > int(null)', null],
  ['1 in (1, 2)', true],
  ['int(null) in (1, 2)', false],
  ['int(null) !in (1, 2)', true],
  ['"A" in ("a")', false],
  ['"A" in~ ("a")', true],
  ['"A" !in~ ("b")', true],
  ['"a" in (dynamic(["a", "b"]))', true],
  ['"A" =~ "a"', true],
  ['"A" !~ "a"', false],
  ['real(nan) > 5', false],
  ['real(nan) < 5', false],
  ['real(nan) == real(nan)', false],
  ['real(nan) != real(nan)', true],
  ['5 between (1 .. 5)', true],
  ['5 !between (1 .. 4)', true],
  ['datetime(2020-01-02) between (datetime(2020-01-01) .. 1d)', true],
  ['bool(null) and false', false],
  ['bool(null) or true', true],
  ['bool(null) and true', null],
  ['dynamic({"a": "x"}).a == "x"', true],
  ['dynamic({"a": "x"}).b == "x"', false],
  ['dynamic({"a": "x"}).b != "x"', true],
  ['split("a/b", "/")[5] == "x"', false],
  ['split("a/b", "/")[5] != "x"', true],
  ['split("a/b", "/")[-1] == "b"', true],
  ['split("a/b", "/")[0] in~ ("A")', true],
  ['split("a/b", "/")[5] in ("a")', false],
  ['dynamic({"a": 5}).a == 5', true],
  ['dynamic({"a": 5}).a > 4.5', true],
  ['dynamic({"a": true}).a == true', true],
])('%s', async (expression, expected) => {
  expect(await kql.value(expression)).toEqual(expected);
  // The same where nothing is known at translation.
  const [left] = expression.split(' ');
  if (left === undefined || !/^(int|bool|real)\(\w+\)$/.test(left)) return;
  const query = `datatable(x: ${left.split('(')[0]})[${left}] | project y = ${expression.replaceAll(left, 'x')}`;
  expect(await kql.rows(query)).toEqual([[expected]]);
});

// A term is a maximal run of letters and digits.
test.each([
  ['"North America" has "america"', true],
  ['"NorthAmerica" has "america"', false],
  ['"north_america" has "america"', true],
  ['"/v2.1/track" has "/v2.1/track"', true],
  ['"https://x/v2.1/track?a" has "/v2.1/track"', true],
  ['"https://x/v2.1/tracks" has "/v2.1/track"', false],
  ['"abc" has ""', true],
  ['"North America" !has "asia"', true],
  ['"North America" has_cs "america"', false],
  ['"North America" hasprefix "ame"', true],
  ['"North America" hasprefix "rica"', false],
  ['"North America" hassuffix "rica"', true],
  ['"North America" hassuffix "ame"', false],
  ['"äöü-test" has "äöü"', true],
  ['"xäöü" has "äöü"', false],
  ['"North America" contains "HAM"', false],
  ['"North America" contains "H AM"', true],
  ['"North America" contains_cs "h am"', false],
  ['"North America" startswith "north"', true],
  ['"North America" startswith_cs "north"', false],
  ['"North America" endswith "CA"', true],
  ['"100%" contains "0%"', true],
  ['"a_c" contains "b"', false],
  ['"North America" has_any ("asia", "america")', true],
  ['"North America" has_all ("asia", "america")', false],
  ['"North America" has_any (dynamic(["south", "north"]))', true],
  ['"abc" matches regex "^a.c$"', true],
  ['"a\\nc" matches regex "^a.c$"', false],
  ['"ABC" matches regex "(?i)b"', true],
])('%s', async (expression, expected) => {
  expect(await kql.value(expression)).toEqual(expected);
});

test.each([
  ['dynamic({"a": {"b": [1, {"c": "x"}]}}).a.b[1].c', 'x'],
  ['dynamic({"a.b": 1})["a.b"]', 1],
  ['dynamic([1, 2, 3])[-1]', 3],
  ['dynamic([1, 2, 3])[7]', null],
  ['dynamic({"a": 1}).a.b.c', null],
  ['dynamic({"a": null}).a', null],
  ['isnull(dynamic({"a": null}).a)', true],
  ['dynamic({"t": datetime(2020-01-01), "s": 1h})', { t: '2020-01-01T00:00:00.0000000Z', s: '01:00:00' }],
  ['dynamic({"n": 9007199254740993})', { n: 9007199254740993n }],
])('%s', async (expression, expected) => {
  expect(await kql.value(expression)).toEqual(expected);
});

test('a place in a dynamic value can depend on the row', async () => {
  const query = 'datatable(d: dynamic, k: string, i: long)[dynamic({"a": [1, 2]}), "a", -1] | project d[k][i], d[k][0]';
  expect(await kql.rows(query)).toEqual([[2, 1]]);
});

test.each([
  ['a text compared with a number', '"500" == 500', 'string compared with long'],
  ['a bool compared with a text', 'true == "true"', 'bool compared with string'],
  ['two dynamic values', 'dynamic(1) == dynamic(1)', 'dynamic compared with dynamic'],
  [
    'a dynamic value and the empty text',
    'dynamic({"a": 1}).b == ""',
    'dynamic compared with "": write isempty(tostring(…))',
  ],
  ['arithmetic of dynamic', 'dynamic(1) + 1', 'dynamic + long'],
  ['a pattern with look-ahead', '"a" matches regex "a(?=b)"', 'look-around and back references'],
  ['a function that is not translated', 'ipv4_is_private("10.0.0.1")', 'ipv4_is_private()'],
])('%s is refused by name', async (_what, expression, name) => {
  const refused = await kql.value(expression).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(KqlUnsupported);
  expect(refused).toMatchObject({ name });
});

test('two null bools are not compared where it shows, and are where it does not', async () => {
  const table = 'datatable(a: bool, b: bool)[bool(null), bool(null), true, true, true, bool(null)]';
  await expect(kql.rows(`${table} | project a == b`)).rejects.toThrow(/both null/);
  expect(await kql.rows(`${table} | where a == b`)).toEqual([[true, true]]);
  expect(await kql.rows(`${table} | where a != b`)).toEqual([[true, null]]);
});

test.each([
  ['a text', '"5"'],
  ['a text in a bag', '"x"'],
])('%s in a dynamic value compared with a number is refused, not guessed', async (_what, text) => {
  await expect(kql.rows(`print d = parse_json('{"a": ${text}}') | where d.a > 4`)).rejects.toThrow(
    /a dynamic text compared with a number/,
  );
});
