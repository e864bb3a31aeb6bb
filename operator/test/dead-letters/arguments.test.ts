import { expect, test } from 'vitest';
import { readArguments } from '../../dead-letters/arguments.ts';

test.each([
  ['', 'Say what to do: list, groups, show, replay, purge'],
  ['remove', 'Say what to do'],
  ['show', 'Name one id'],
  ['show a b', 'Name one id'],
  ['list a', '--id <id>'],
  ['list --reson X', '--help'],
  ['list --since yesterday', '--since is a time in ISO 8601'],
  ['list --until 2026-13-45', '--until is a time in ISO 8601'],
  ['replay --max 0', '--max is a whole number above 0'],
  ['replay --rate fast', '--rate is a whole number above 0'],
  ['list --yes', '--yes belongs to replay and purge, not to list'],
  ['replay --in-place', '--help'],
])('"%s" is refused with a sentence that says what to do', (line, sentence) => {
  expect(() => readArguments(line.split(' ').filter(Boolean))).toThrow(
    expect.objectContaining({ name: 'CommandRefused', message: expect.stringContaining(sentence) }),
  );
});

test('a replay is a dry run of everything that is not parked, until told otherwise', () => {
  expect(readArguments(['replay'])).toMatchObject({ yes: false, filter: { parked: false }, perSecond: undefined });
  expect(readArguments(['replay']).max).toBe(Number.POSITIVE_INFINITY);
  expect(readArguments(['show', 'a'])).toMatchObject({ filter: { id: 'a', parked: true } });
});
