import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';
import { KqlUnsupported } from '../kql-fault.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

/** A value that is not known at translation, so that the SQL is tested and not the folding of constants. */
const fromText = (call: string, text: string) =>
  `tostring(strcat("${text}", "")) | project ${call.replace('x', 'print_0')}`;

test.each([
  ['tostring(123)', '123'],
  ['tostring(1.0)', '1.0'],
  ['tostring(1.5)', '1.5'],
  ['tostring(real(nan))', 'NaN'],
  ['tostring(int(null))', ''],
  ['tostring(datetime(2020-01-01))', '2020-01-01T00:00:00.0000000Z'],
  ['tostring(datetime(2020-01-01 10:11:12.1234567))', '2020-01-01T10:11:12.1234567Z'],
  ['tostring(datetime(1969-12-31 23:59:59.9999999))', '1969-12-31T23:59:59.9999999Z'],
  ['todatetime("1601-01-01T00:00:00.0000001Z")', '1601-01-01T00:00:00.0000001Z'],
  ['tostring(1d)', '1.00:00:00'],
  ['tostring(-1.5h)', '-01:30:00'],
  ['tostring(100ms)', '00:00:00.1000000'],
  ['tostring(dynamic({"a": [1, 2]}))', '{"a":[1,2]}'],
  ['tostring(dynamic("a"))', 'a'],
  ['tostring(dynamic(null))', ''],
  ['tostring(guid(12e8b78d-55b4-46ae-b068-26d7a0080254))', '12e8b78d-55b4-46ae-b068-26d7a0080254'],
  ['toint("123")', 123],
  ['toint(1.9)', 1],
  ['toint(-1.9)', -1],
  ['toint("")', null],
  ['toint("abc")', null],
  ['toint("2147483648")', null],
  ['toint(dynamic({"a": 5}).a)', 5],
  ['toint(dynamic({"a": "5"}).a)', 5],
  ['tolong("123")', 123],
  ['tolong("9223372036854775807")', 9223372036854775807n],
  ['todouble("123.4")', 123.4],
  ['todouble("-1e3")', -1000],
  ['todouble("abc")', null],
  ['todouble(dynamic({"a": 5.5}).a)', 5.5],
  ['toreal("1")', 1],
  ['tobool("true")', true],
  ['tobool("False")', false],
  ['tobool(1)', true],
  ['tobool(0)', false],
  ['tobool("x")', null],
  ['tobool("yes")', null],
  ['tobool(dynamic({"a": "yes"}).a)', null],
  ['tobool(dynamic({"a": "True"}).a)', true],
  ['tobool(dynamic({"a": false}).a)', false],
  ['todatetime("2015-12-24")', '2015-12-24T00:00:00.0000000Z'],
  ['todatetime("2017-01-29 09:00:05.1234567")', '2017-01-29T09:00:05.1234567Z'],
  ['todatetime("2020-01-01T10:00:00+02:00")', '2020-01-01T08:00:00.0000000Z'],
  ['todatetime("02/17/2016 08:40:01")', '2016-02-17T08:40:01.0000000Z'],
  ['todatetime("infinity")', null],
  ['todatetime("2022/12/02")', '2022-12-02T00:00:00.0000000Z'],
  ['todatetime("12-02-2022")', '2022-12-02T00:00:00.0000000Z'],
  ['todatetime("12-02-2022 13:45:56")', '2022-12-02T13:45:56.0000000Z'],
  ['todatetime("2/3/2022")', '2022-02-03T00:00:00.0000000Z'],
  ['todatetime("12.02.2022")', '2022-12-02T00:00:00.0000000Z'],
  ['todatetime("20221202")', '2022-12-02T00:00:00.0000000Z'],
  ['todatetime("Fri, 02 Dec 2022 13:45:56 GMT")', '2022-12-02T13:45:56.0000000Z'],
  ['todatetime("13-01-2022")', null],
  ['todatetime("x12-02-2022")', null],
  ['todatetime("")', null],
  ['totimespan("0.00:01:00")', '00:01:00'],
  ['totimespan("01:02:03.4")', '01:02:03.4000000'],
  ['totimespan("-1.02:00:00")', '-1.02:00:00'],
  ['toguid("70fc66f7-8279-44fc-9092-d364d70fce44")', '70fc66f7-8279-44fc-9092-d364d70fce44'],
  ['toguid("x")', null],
  ['parse_json("{\\"a\\": 1}").a', 1],
  ['parse_json("not json")', 'not json'],
  ['parse_json("")', null],
  ['parse_json("null")', null],
  ['parse_json("12345678901234567890")', 12345678901234567890n],
  ['todynamic("[1,2]")[-1]', 2],
  ['parse_json(dynamic([1]))[0]', 1],
])('%s', async (expression, expected) => {
  expect(await kql.value(expression)).toEqual(expected);
});

test.each([
  ['toint(x)', '12', 12],
  ['toint(x)', 'x12', null],
  ['tolong(x)', '-7', -7],
  ['todouble(x)', '.5', 0.5],
  ['todatetime(x)', '2017-01-29T09:00:05.1234567Z', '2017-01-29T09:00:05.1234567Z'],
  ['todatetime(x)', '2017-02-30', null],
  ['todatetime(x)', 'epoch', null],
  ['totimespan(x)', '1.23:59:59.9999999', '1.23:59:59.9999999'],
  ['totimespan(x)', 'soon', null],
  ['tobool(x)', 'TRUE', true],
])('%s of the text "%s"', async (call, text, expected) => {
  expect(await kql.value(fromText(call, text))).toEqual(expected);
});

test.each([
  ['toint(x)', '1.5'],
  ['tolong(x)', '0x1F'],
  ['tolong(x)', ' 12 '],
  ['todouble(x)', '1,000'],
  ['tobool(x)', '2'],
  ['todatetime(x)', '2 Dec 2022'],
  ['totimespan(x)', '5d'],
  ['tostring(todouble(x))', '1e16'],
  ['tostring(tobool(x))', 'true'],
])('%s of the text "%s" is refused: what Azure answers is not known', async (call, text) => {
  await expect(kql.value(fromText(call, text))).rejects.toBeInstanceOf(KqlUnsupported);
});
