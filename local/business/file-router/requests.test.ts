import { expect, test } from 'vitest';
import { filesFromDisk, filesFromSample } from './requests.ts';

test('a file from disk travels with its percent-encoded name and a key of this run', () => {
  expect([...filesFromDisk(['/somewhere/größe 请.txt'], 'run')]).toMatchObject([
    {
      label: '/somewhere/größe 请.txt',
      path: '/files',
      headers: { 'x-file-name': encodeURIComponent('größe 请.txt'), 'idempotency-key': 'run-0' },
    },
  ]);
});

test('of the sample only the keys differ from run to run, and a repeat has the key of the file before it', () => {
  const keysOf = (runId: string) =>
    [...filesFromSample({ count: 3, seed: 1, runId })].map(({ headers }) => headers['idempotency-key']);
  expect(keysOf('a')).toEqual(['a-0', 'a-0', 'a-2']);
  expect(keysOf('b')).toEqual(['b-0', 'b-0', 'b-2']);
});
