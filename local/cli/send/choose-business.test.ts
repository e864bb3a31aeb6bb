import { expect, test } from 'vitest';
import type { LocalBusiness, OutgoingRequest } from '../../business/local-business.ts';
import { chooseBusiness } from './choose-business.ts';

const request: OutgoingRequest = {
  label: 'one',
  path: '/',
  headers: {},
  open: () => Promise.reject(new Error('not opened here')),
};
const silent: LocalBusiness = { name: 'silent' };
const both: LocalBusiness = { name: 'both', requests: { sample: () => [request], fromFiles: () => [] } };
const made: LocalBusiness = { name: 'made', requests: { sample: ({ count }) => Array(count).fill(request) } };
const wanted = { paths: [], seed: 1, runId: 'r' };

test.each([[[]], [[silent]]])('a list without requests (%o) is answered with what to write', (businesses) => {
  expect(() => chooseBusiness(businesses, { sample: 3 })).toThrow(
    /list one in local\/business\/index\.ts with "requests"/,
  );
});

test('the first that has requests sends, or the one that is named', () => {
  const first = chooseBusiness([silent, both, made], { sample: 3 });
  expect([...first.requests(wanted)]).toHaveLength(1);
  const named = chooseBusiness([silent, both, made], { name: 'made', sample: 3 });
  expect([...named.requests(wanted)]).toHaveLength(3);
  expect(() => chooseBusiness([both, made], { name: 'other', sample: 3 })).toThrow('choose one of both, made');
});

test('a business that cannot send files is told what it lacks', () => {
  expect(() => chooseBusiness([made], { sample: undefined })).toThrow('"requests.fromFiles"');
  expect([...chooseBusiness([both], { sample: undefined }).requests(wanted)]).toEqual([]);
});
