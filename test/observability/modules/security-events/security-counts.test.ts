import { expect, test } from 'vitest';
import {
  type AnsweredRequest,
  createSecurityCounts,
} from '../../../../src/observability/modules/security-events/security-counts.ts';

const ten = Date.parse('2026-03-04T10:00:00.000Z');
const minute = 60_000;
const hour = 60 * minute;
const request = (changes: Partial<AnsweredRequest> = {}): AnsweredRequest => {
  const who = { Fingerprint: 'f1', Caller: 'c1', Client: 'app-1' };
  return { at: ten, Route: 'POST /parcels', ...who, Reason: 'ok', status: 202, bytes: 100, ...changes };
};

test('refusals are counted by event, route, fingerprint and caller, and a success is none', () => {
  const counts = createSecurityCounts();
  const failures = [401, 401, 403, 429, 200].map((status) => request({ status, Caller: '', Client: '', Reason: 'r' }));
  for (const failure of failures) counts.request(failure);
  counts.request(request({ status: 401, Caller: '', Client: '', Reason: 'r', Fingerprint: 'f2' }));
  const rows = counts.take(ten + minute);
  const facts = {
    TimeGenerated: '2026-03-04T10:01:00.000Z',
    Route: 'POST /parcels',
    Caller: '',
    Client: '',
    Reason: 'r',
  };
  expect(rows).toEqual([
    { ...facts, Event: 'authentication-failed', Fingerprint: 'f1', Calls: 2, Callers: 0, Bytes: 200 },
    { ...facts, Event: 'authorization-refused', Fingerprint: 'f1', Calls: 1, Callers: 0, Bytes: 100 },
    { ...facts, Event: 'rate-limited', Fingerprint: 'f1', Calls: 1, Callers: 0, Bytes: 100 },
    { ...facts, Event: 'authentication-failed', Fingerprint: 'f2', Calls: 1, Callers: 0, Bytes: 100 },
  ]);
  expect(counts.take(ten + 2 * minute)).toEqual([]);
});

test('a caller is seen once a day with one fingerprint, and again on the next day', () => {
  const counts = createSecurityCounts();
  const seen = () => counts.take(ten + 30 * hour).filter(({ Event }) => Event === 'caller-seen');
  for (const at of [ten, ten + minute, ten + 13 * hour]) counts.request(request({ at }));
  counts.request(request({ at: ten + 13 * hour, Fingerprint: 'f2' }));
  counts.request(request({ at: ten + 13 * hour, Caller: '', Client: '' }));
  expect(seen()).toEqual([
    expect.objectContaining({ Fingerprint: 'f1', Caller: 'c1', Client: 'app-1', Calls: 1 }),
    expect.objectContaining({ Fingerprint: 'f2', Caller: 'c1', Client: 'app-1', Calls: 1 }),
  ]);
  counts.request(request({ at: ten + 15 * hour }));
  expect(seen()).toEqual([expect.objectContaining({ Fingerprint: 'f1', Caller: 'c1' })]);
});

const shapes = (rows: ReturnType<ReturnType<typeof createSecurityCounts>['take']>) =>
  rows.filter(({ Event }) => Event === 'traffic-shape');

test('the shape of an hour is told when it has ended, and belongs to it', () => {
  const counts = createSecurityCounts();
  counts.request(request({ at: ten + minute }));
  counts.request(request({ at: ten + 2 * minute, Caller: 'c2', bytes: 50 }));
  counts.request(request({ at: ten + 3 * minute, Caller: 'c2', status: 429 }));
  expect(shapes(counts.take(ten + 59 * minute))).toEqual([]);
  // The first request of the next hour comes before anything asks for rows.
  counts.request(request({ at: ten + hour + 1 }));
  const ofFirst = {
    Event: 'traffic-shape',
    Route: 'POST /parcels',
    Fingerprint: 'f1',
    Calls: 3,
    Callers: 2,
    Bytes: 250,
  };
  expect(shapes(counts.take(ten + hour + 2))).toEqual([{ ...ofFirst, TimeGenerated: '2026-03-04T10:59:59.999Z' }]);
  const ofSecond = { ...ofFirst, Calls: 1, Callers: 1, Bytes: 100, TimeGenerated: '2026-03-04T11:30:00.000Z' };
  expect(shapes(counts.take(ten + 90 * minute, true))).toEqual([ofSecond]);
  expect(counts.take(ten + 5 * hour, true)).toEqual([]);
});

test('beyond its bounds every call still counts, in one row with the fingerprint "other"', () => {
  const counts = createSecurityCounts({ mostRows: 3 });
  for (let n = 0; n < 50; n += 1) counts.request(request({ Fingerprint: `f${n}`, Caller: '', status: 401 }));
  const rows = counts.take(ten, true);
  for (const event of ['authentication-failed', 'traffic-shape']) {
    const own = rows.filter(({ Event }) => Event === event);
    expect(own.map(({ Fingerprint }) => Fingerprint)).toEqual(['f0', 'f1', 'f2', 'other']);
    expect(own.reduce((sum, { Calls }) => sum + Calls, 0)).toBe(50);
  }
});

test('requests without a token take no room of callers, whatever fingerprints they make up', () => {
  const counts = createSecurityCounts();
  for (let n = 0; n < 20_000; n += 1) counts.request(request({ Fingerprint: `made-up-${n}`, Caller: '', status: 401 }));
  counts.request(request({ status: 429 }));
  const rows = counts.take(ten, true);
  for (const event of ['authentication-failed', 'traffic-shape']) {
    const strange = rows.filter(({ Event, Fingerprint }) => Event === event && Fingerprint !== 'f1');
    expect(strange).toHaveLength(1_001);
    expect(strange.reduce((sum, { Calls }) => sum + Calls, 0)).toBe(20_000);
  }
  const own = rows.filter(({ Fingerprint }) => Fingerprint === 'f1').map(({ Event }) => Event);
  expect(own.toSorted()).toEqual(['caller-seen', 'rate-limited', 'traffic-shape']);
});

test('distinct callers are bounded over all rows together', () => {
  const counts = createSecurityCounts({ mostCallers: 10 });
  for (let n = 0; n < 40; n += 1) counts.request(request({ Caller: `c${n}`, Fingerprint: `f${n % 2}` }));
  counts.request(request({ Caller: 'c0', Fingerprint: 'f0' })); // known: it needs no more room
  const rows = shapes(counts.take(ten, true));
  expect(rows.map(({ Fingerprint, Calls, Callers }) => [Fingerprint, Calls, Callers])).toEqual([
    ['f0', 6, 5],
    ['f1', 5, 5],
    ['other', 30, 0],
  ]);
});

test('callers that are remembered are bounded, and what is noted once is noted once', () => {
  const counts = createSecurityCounts({}, 2);
  for (const n of [1, 2, 3, 4, 1]) counts.request(request({ Caller: `c${n}` }));
  const seen = counts.take(ten).filter(({ Event }) => Event === 'caller-seen');
  expect(seen.map(({ Caller, Fingerprint, Calls }) => [Caller, Fingerprint, Calls])).toEqual([
    ['c1', 'f1', 1],
    ['c2', 'f1', 1],
    [undefined, 'other', 2],
  ]);
});
