import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';
import { KqlUnsupported } from '../kql-fault.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

const at = '2017-01-29T09:00:05.1234567Z';
const date = `datetime(${at})`;

test.each([
  ['now()', '2026-03-01T12:30:45.1230000Z'],
  ['now(-1d)', '2026-02-28T12:30:45.1230000Z'],
  ['ago(1h)', '2026-03-01T11:30:45.1230000Z'],
  [`startofday(${date})`, '2017-01-29T00:00:00.0000000Z'],
  [`startofday(${date}, -1)`, '2017-01-28T00:00:00.0000000Z'],
  [`startofday(${date}, 1)`, '2017-01-30T00:00:00.0000000Z'],
  ['startofweek(datetime(2017-01-01 10:10:17))', '2017-01-01T00:00:00.0000000Z'],
  ['startofweek(datetime(2017-01-07 10:10:17), -1)', '2016-12-25T00:00:00.0000000Z'],
  ['startofmonth(datetime(2017-01-01 10:10:17), -1)', '2016-12-01T00:00:00.0000000Z'],
  ['startofmonth(datetime(2017-01-31 10:10:17), 1)', '2017-02-01T00:00:00.0000000Z'],
  ['startofyear(datetime(2017-01-01 10:10:17), 1)', '2018-01-01T00:00:00.0000000Z'],
  ['endofday(datetime(2017-01-01 10:10:17))', '2017-01-01T23:59:59.9999999Z'],
  ['endofday(datetime(2017-01-01 10:10:17), -1)', '2016-12-31T23:59:59.9999999Z'],
  ['endofweek(datetime(2017-01-01 10:10:17))', '2017-01-07T23:59:59.9999999Z'],
  ['endofmonth(datetime(2017-01-01 10:10:17), 1)', '2017-02-28T23:59:59.9999999Z'],
  ['endofyear(datetime(2017-01-01 10:10:17))', '2017-12-31T23:59:59.9999999Z'],
  ['dayofweek(datetime(1947-11-30 10:00:05))', '00:00:00'],
  ['dayofweek(datetime(1970-05-11))', '1.00:00:00'],
  ['dayofmonth(datetime(2015-12-14))', 14],
  ['dayofyear(datetime(2015-12-14))', 348],
  ['hourofday(datetime(2015-12-14 18:54))', 18],
  ['monthofyear(datetime(2015-12-14))', 12],
  ['getmonth(datetime(2015-10-12))', 10],
  ['getyear(datetime(2015-10-12))', 2015],
  ['week_of_year(datetime(2020-12-31))', 53],
  ['week_of_year(datetime(2020-06-15))', 25],
  ['week_of_year(datetime(1970-01-01))', 1],
  ['datetime_part("quarter", datetime(2017-10-30 01:02:03.7654321))', 4],
  ['datetime_part("millisecond", datetime(2017-10-30 01:02:03.7654321))', 765],
  ['datetime_part("microsecond", datetime(2017-10-30 01:02:03.7654321))', 765432],
  ['datetime_add("year", 1, datetime(2017-01-01))', '2018-01-01T00:00:00.0000000Z'],
  ['datetime_add("quarter", 1, datetime(2017-01-01))', '2017-04-01T00:00:00.0000000Z'],
  ['datetime_add("month", -3, datetime(2017-10-30 01:02:03.7654321))', '2017-07-30T01:02:03.7654321Z'],
  ['datetime_add("month", 1, datetime(2017-01-31))', '2017-02-28T00:00:00.0000000Z'],
  ['datetime_add("week", 1, datetime(2017-01-01))', '2017-01-08T00:00:00.0000000Z'],
  ['datetime_diff("year", datetime(2017-01-01), datetime(2000-12-31))', 17],
  ['datetime_diff("quarter", datetime(2017-07-01), datetime(2017-03-30))', 2],
  ['datetime_diff("month", datetime(2017-01-01), datetime(2015-12-30))', 13],
  ['datetime_diff("week", datetime(2017-10-29 00:00), datetime(2017-09-30 23:59))', 5],
  ['datetime_diff("day", datetime(2017-10-29 00:00), datetime(2017-09-30 23:59))', 29],
  ['datetime_diff("hour", datetime(2017-10-31 01:00), datetime(2017-10-30 23:59))', 2],
  ['datetime_diff("minute", datetime(2017-10-30 23:05:01), datetime(2017-10-30 23:00:59))', 5],
  ['datetime_diff("second", datetime(2017-10-30 23:00:10.100), datetime(2017-10-30 23:00:00.900))', 10],
  ['datetime_diff("nanosecond", datetime(2017-10-30 23:00:00.0000000), datetime(2017-10-30 23:00:00.0000007))', -700],
  [`format_datetime(${date}, "yy-MM-dd [HH:mm:ss]")`, '17-01-29 [09:00:05]'],
  [`format_datetime(${date}, "yyyy-M-dd [H:mm:ss]")`, '2017-1-29 [9:00:05]'],
  [`format_datetime(${date}, "yy-MM-dd [hh:mm:ss tt]")`, '17-01-29 [09:00:05 AM]'],
  ['format_datetime(datetime(2009-06-15T13:45:30.6175425), "fffffff")', '6175425'],
  ['format_datetime(datetime(2009-06-15T13:45:30.0500000), "s.F")', '30.'],
  ['format_datetime(datetime(2009-06-15T00:45:30), "h tt")', '12 AM'],
  ['format_timespan(time(29.09:00:05.12345), "dd.hh:mm:ss:FF")', '29.09:00:05:12'],
  ['format_timespan(time(29.09:00:05.12345), "ddd.h:mm:ss [fffffff]")', '029.9:00:05 [1234500]'],
  ['make_datetime(2017, 10, 1, 12, 10)', '2017-10-01T12:10:00.0000000Z'],
  ['make_datetime(2017, 13, 1)', null],
  ['make_timespan(1, 12, 30, 55)', '1.12:30:55'],
  ['make_timespan(1, 12)', '01:12:00'],
  ['unixtime_seconds_todatetime(1546300800)', '2019-01-01T00:00:00.0000000Z'],
  ['unixtime_milliseconds_todatetime(1546300800000)', '2019-01-01T00:00:00.0000000Z'],
])('%s', async (expression, expected) => {
  expect(await kql.value(expression)).toEqual(expected);
});

test.each([
  ['bin(4.5, 1)', 4],
  ['bin(-1.5, 1)', -2],
  ['bin(7, 3)', 6],
  ['bin(-7, 3)', -9],
  ['bin(time(16d), 7d)', '14.00:00:00'],
  ['bin(-1h, 1d)', '-1.00:00:00'],
  ['bin(datetime(1970-05-11 13:45:07), 1d)', '1970-05-11T00:00:00.0000000Z'],
  // 0001-01-01 is a Monday.
  ['bin(datetime(2026-03-01), 7d)', '2026-02-23T00:00:00.0000000Z'],
  ['floor(12345, 1000)', 12000],
  ['bin_at(6.5, 2.5, 7)', 4.5],
  ['bin_at(time(1h), 1d, 12h)', '-12:00:00'],
  ['bin_at(datetime(2017-05-15 10:20:00), 1d, datetime(1970-01-01 12:00:00))', '2017-05-14T12:00:00.0000000Z'],
  ['bin_at(datetime(2017-05-17 10:20:00), 7d, datetime(2017-06-04 00:00:00))', '2017-05-14T00:00:00.0000000Z'],
])('%s', async (expression, expected) => {
  expect(await kql.value(expression)).toEqual(expected);
});

test.each([
  ['an unknown format letter', 'format_datetime(now(), "yyyy-MM-dd z")'],
  ['a bin of no size', 'bin(5, 0)'],
])('%s is refused', async (_what, expression) => {
  await expect(kql.value(expression)).rejects.toBeInstanceOf(KqlUnsupported);
});
