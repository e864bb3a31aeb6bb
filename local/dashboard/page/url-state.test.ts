import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, customRange, rangeLabel, rangeOf, routeOf } from './url-state.ts';

test.each([
  ['/', { page: 'overview' }],
  ['/transactions', { page: 'transactions' }],
  ['/transactions/4bf92f35', { page: 'transaction', id: '4bf92f35' }],
  ['/queues', { page: 'queues' }],
  ['/alerts/late-local', { page: 'alerts', rule: 'late-local' }],
  ['/drills', { page: 'drills' }],
  ['/drills/calm', { page: 'drill', name: 'calm' }],
  ['/queues/parcel-events%2Faudit', { page: 'queues', queue: 'parcel-events/audit' }],
  ['/queues/parcels/dead-letters/12', { page: 'queues', queue: 'parcels', sequence: '12' }],
  ['/queues/parcels/else/12', { page: 'missing' }],
  ['/send', { page: 'send' }],
  ['/nothing', { page: 'missing' }],
  ['/send/more', { page: 'missing' }],
  ['/transactions/%E0%A4', { page: 'transaction', id: '%E0%A4' }],
])('%s is a page', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

test('any id comes back from the address of its transaction', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
      expect(routeOf(`/transactions/${encodeURIComponent(id)}`)).toEqual({ page: 'transaction', id });
    }),
  );
});

test('the range goes along from page to page, and the default is not written', () => {
  expect(addressOf('/queues', '?range=1h&q=x')).toBe('/queues?range=1h');
  expect(addressOf('/queues', '?range=15m')).toBe('/queues');
  expect(addressOf('/logs', '?from=a&to=b', { q: 'x y', severity: '' })).toBe('/logs?from=a&to=b&q=x+y');
});

test('a range that is not known is the default', () => {
  expect(rangeOf('?range=7y').get('range')).toBe('15m');
  expect(rangeLabel('?range=6h')).toBe('6 h');
  expect(rangeLabel('?from=2026-11-29&to=2026-11-30')).toBe('Custom');
});

test('a custom range begins with the range that is shown, in the time of the reader', () => {
  const now = new Date(2026, 10, 22, 14, 31, 49).getTime();
  expect(customRange('', now)).toEqual({ from: '2026-11-22T14:16:49', to: '2026-11-22T14:31:49' });
  expect(customRange('?range=1h', now).from).toBe('2026-11-22T13:31:49');
  const [from, to] = [new Date(2026, 1, 3, 4, 5, 6), new Date(2026, 1, 3, 5, 0, 0)].map((time) => time.toISOString());
  expect(customRange(`?from=${from}&to=${to}`, now)).toEqual({
    from: '2026-02-03T04:05:06',
    to: '2026-02-03T05:00:00',
  });
});
