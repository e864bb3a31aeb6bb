import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

// Facts of the pages of the functions in Kusto's documentation.
test.each([
  ['strcat("hello", " ", "world")', 'hello world'],
  ['strcat("a", 1, 2.5, 1d)', 'a12.51.00:00:00'],
  ['strcat("a", int(null), dynamic({"b":1}).b)', 'a1'],
  ['strcat_delim("-", "1", "2", strcat("A", "b"))', '1-2-Ab'],
  ['strlen("hello")', 5],
  ['strlen("⒦⒰⒮⒯⒪")', 5],
  ['string_size("⒦⒰⒮⒯⒪")', 15],
  ['tolower("Hello")', 'hello'],
  ['toupper("Hello")', 'HELLO'],
  ['reverse("ABC")', 'CBA'],
  ['substring("123456", 1)', '23456'],
  ['substring("123456", 2, 2)', '34'],
  ['substring("ABCD", 0, 2)', 'AB'],
  ['substring("123456", -2, 2)', '56'],
  ['substring("ab", 5)', ''],
  ['indexof("abcdefg", "cde")', 2],
  ['indexof("abcdefg", "cde", 1, 4)', 2],
  ['indexof("abcdefg", "cde", 1, 2)', -1],
  ['indexof("abcdefg", "cde", 3, 4)', -1],
  ['indexof("abcdefg", "cde", -5)', 2],
  ['indexof(1234567, 5, 1, 4)', 4],
  ['indexof("abcdefg", "cde", 2, -1)', 2],
  ['indexof("abcdefgabcdefg", "cde", 1, -1, 2)', 9],
  ['indexof("abcdefgabcdefg", "cde", 1, -1, 3)', -1],
  ['indexof("/a/b/c", "/", 0, -1, 3)', 4],
  ['indexof("abc", "b", 0, -2)', null],
  ['strrep("ABC", 2)', 'ABCABC'],
  ['strrep("ABC", 3, ".")', 'ABC.ABC.ABC'],
  ['replace_string("Number is 1", "is", "was")', 'Number was 1'],
  ['translate("krasp", "otsku", "spark")', 'kusto'],
  ['base64_encode_tostring("Kusto")', 'S3VzdG8='],
  ['hash_md5("World")', 'f5a7924e621e84c9280a9a27e1bcb7f6'],
  ['hash_sha256("World")', '78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524'],
  ['strcmp("ABC", "ABC")', 0],
  ['strcmp("abc", "ABC")', 1],
  ['strcmp("ABC", "abc")', -1],
  ['strcmp("abcde", "abc")', 1],
  ['split("aa_bb", "_")', ['aa', 'bb']],
  ['split("aaa_bbb_ccc", "_", 1)', ['bbb']],
  ['split("", "_")', ['']],
  ['split("a__b", "_")', ['a', '', 'b']],
  ['split("aabbcc", "bb")', ['aa', 'cc']],
  ['split("aabbcc", "bb")[1]', 'cc'],
  ['split("aabbcc", "bb")[-2]', 'aa'],
  ['tostring(split("aabbcc", "bb")[7])', ''],
  ['toint(split("a:5", ":")[1])', 5],
  ['array_length(split("aabbcc", "bb"))', 2],
])('%s', async (expression, expected) => {
  expect(await kql.value(expression)).toEqual(expected);
});

test.each([
  ['countof("aaa", "a")', 3],
  ['countof("aaaa", "aa")', 3],
  ['countof("ababa", "ab", "normal")', 2],
  ['countof("ababa", "aba")', 2],
  ['countof("ababa", "aba", "regex")', 1],
  ['countof("abcabc", "a.c", "regex")', 2],
  ['countof("a.b.c", ".")', 2],
  ['trim("--", "--https://bing.com--")', 'https://bing.com'],
  ['trim(@"[^\\w]+", "-  Te st1// $")', 'Te st1'],
  ['trim_start("https://", "https://bing.com")', 'bing.com'],
  ['trim_end(".com", "bing.com")', 'bing'],
  ['trim("-", "--a--")', '-a-'],
  ['extract("User: ([^,]+)", 1, "User: James, Age: 29")', 'James'],
  ['extract(@"\\d+", 0, "Age: 29")', '29'],
  ['extract(@"-(\\d{2})-", 1, "21-07-2023", typeof(int))', 7],
  ['extract("x=([0-9.]+)", 1, "hello x=45.6|wo", typeof(real))', 45.6],
  ['extract("x=(a)", 1, "hello")', ''],
  ['extract("x=(a)", 1, "hello", typeof(long))', null],
  ['extract_all(@"([\\da-f]{2})", "82b8be2d-dfa7")', ['82', 'b8', 'be', '2d', 'df', 'a7']],
  [
    'extract_all(@"(\\w)(\\w+)(\\w)", "82b8be2d-dfa7")',
    [
      ['8', '2b8be2', 'd'],
      ['d', 'fa', '7'],
    ],
  ],
  [
    'extract_all(@"(\\w)(\\w+)(\\w)", dynamic([1, 3]), "82b8be2d-dfa7")',
    [
      ['8', 'd'],
      ['d', '7'],
    ],
  ],
  ['extract_all("(x)", "abc")', null],
  ['replace_regex("Number is 1", @"is (\\d+)", @"was: \\1")', 'Number was: 1'],
  ['replace(@"is (\\d+)", @"was: \\1", "Number is 1")', 'Number was: 1'],
])('%s', async (expression, expected) => {
  expect(await kql.value(expression)).toEqual(expected);
});
