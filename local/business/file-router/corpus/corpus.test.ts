import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCorpus } from './index.ts';

const LIMIT_BYTES = 192 * 1024;

function fingerprint(count: number, seed?: number): string {
  const hash = createHash('sha256');
  for (const { content, ...facts } of createCorpus({ count, ...(seed !== undefined && { seed }) })) {
    hash.update(JSON.stringify(facts)).update(content());
  }
  return hash.digest('hex');
}

test('the same count and seed give the same names and bytes on every machine and version', () => {
  // A change of this value is a change of the sample: figures from before do not compare with figures from after.
  expect(fingerprint(200)).toBe('7af4e886990dc5a79e1e51e3ec7e3feca2181822a47d8c90bf4f54d8b771afea');
});

test('another seed gives another corpus', () => {
  expect(fingerprint(10, 2)).not.toBe(fingerprint(10));
});

test('an item does not depend on how many there are', () => {
  const [, , third] = [...createCorpus({ count: 3 })];
  const long = [...createCorpus({ count: 400 })][2];
  expect({ ...third, content: third?.content() }).toEqual({ ...long, content: long?.content() });
});

test('fifty items try every kind once and get every answer of the contract', () => {
  const items = [...createCorpus({ count: 50 })];
  const statuses = new Set(items.map(({ expectedStatus }) => expectedStatus));
  expect([...statuses].sort()).toEqual([202, 400, 413, 415]);
  expect(new Set(items.map(({ tries }) => tries)).size).toBe(20);
});

test('a repeat is the file before it, to the byte, under the same number', () => {
  const items = [...createCorpus({ count: 50 })];
  const repeats = items.filter(({ tries }) => tries.includes('once more'));
  expect(repeats).toHaveLength(2);
  for (const repeat of repeats) {
    const before = items[repeat.index - 1];
    expect(repeat.file).toBe(before?.file);
    expect(repeat.headers).toEqual(before?.headers);
    expect(repeat.content()).toEqual(before?.content());
  }
});

test('what must be accepted has a name of at most 255 bytes and a content within the limit', () => {
  for (const { expectedStatus, headers, content, tries } of createCorpus({ count: 500 })) {
    if (expectedStatus !== 202) continue;
    const name = decodeURIComponent(headers['x-file-name'] ?? '');
    expect(Buffer.byteLength(name), tries).toBeLessThanOrEqual(255);
    expect(content().length, tries).toSatisfy((bytes: number) => bytes >= 1 && bytes <= LIMIT_BYTES);
  }
});

test('every header can be sent: no control character is left unescaped', () => {
  for (const { headers, tries } of createCorpus({ count: 1_000 })) {
    expect(Object.values(headers).join(''), tries).toMatch(/^[\x20-\x7e\xa0-\xff]*$/);
  }
});
