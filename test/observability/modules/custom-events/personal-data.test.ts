import { expect, test, vi } from 'vitest';
import { createPersonalHash } from '../../../../src/observability/modules/custom-events/personal-data.ts';
import type { Logger } from '../../../../src/platform/log.ts';

const silent: Logger = { debug() {}, info() {}, warning() {}, error() {} };

test('the hash is HMAC-SHA-256 of the text, as RFC 4231 has it', () => {
  const hash = createPersonalHash('Jefe', silent);
  expect(hash('what do ya want for nothing?')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});

test('two processes with one key hash alike, and another key hashes otherwise', () => {
  const [one, same, other] = ['k1', 'k1', 'k2'].map((key) => createPersonalHash(key, silent)('Ann'));
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});

test('without a key each process hashes with its own, and says so once, at the first value', () => {
  const warning = vi.fn();
  const [one, other] = [createPersonalHash(undefined, { ...silent, warning }), createPersonalHash(undefined, silent)];
  expect(warning).not.toHaveBeenCalled();
  expect(one('Ann')).toBe(one('Ann'));
  expect(one('Ann')).toMatch(/^[\da-f]{64}$/);
  expect(one('Ann')).not.toBe(other('Ann'));
  expect(warning).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('set PERSONAL_DATA_KEY'));
});
