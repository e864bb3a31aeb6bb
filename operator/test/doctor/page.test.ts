import { expect, test } from 'vitest';
import { checks } from '../../doctor/checks.ts';
import { readPage } from '../../doctor/read-page.ts';

const page = readPage();

test('every code has an entry in docs/doctor.md, and every entry is a code', () => {
  const codes = checks.flatMap(({ codes }) => codes);
  expect([...page.keys()]).toEqual(codes);
  expect(codes).toEqual([...new Set(codes)]);
});

test.each([...page])('the entry of %s says what it is, why it matters and what to do', (_, { title, why, todo }) => {
  for (const text of [title, why, todo]) expect(text).toMatch(/^\S.{10,}\.$/);
});
