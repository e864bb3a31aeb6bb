import { channel } from 'node:diagnostics_channel';
import { expect, test, vi } from 'vitest';
import { definedEvents, defineEvents, watchEvents } from '../../src/observability/events.ts';

test('an event reaches its subscriber, with its definition', () => {
  const events = defineEvents('shop', {
    sold: { when: 'the till has the money', fields: { item: 'string', price: 'number', gift: 'boolean' } },
  });
  const seen = vi.fn();
  const stop = watchEvents(seen);
  events.sold({ item: 'book', price: 3, gift: true });
  stop();
  expect(seen).toHaveBeenCalledExactlyOnceWith(
    {
      name: 'shop.sold',
      when: 'the till has the money',
      fields: { item: 'string', price: 'number', gift: 'boolean' },
    },
    { item: 'book', price: 3, gift: true },
  );
});

test('load order does not matter: events defined after the watcher started reach it too', () => {
  const seen = vi.fn();
  const stop = watchEvents(seen);
  const events = defineEvents('late', {
    opened: { when: 'it opens', fields: { id: 'string' } },
    closed: { when: 'it closes', fields: { id: 'string' } },
  });
  events.opened({ id: '1' });
  events.closed({ id: '2' });
  stop();
  expect(seen.mock.calls.map(([{ name }, values]) => [name, values])).toEqual([
    ['late.opened', { id: '1' }],
    ['late.closed', { id: '2' }],
  ]);
  const declared = definedEvents().map(({ name }) => name);
  expect(declared).toEqual(expect.arrayContaining(['late.opened', 'late.closed']));
});

test('without a subscriber nothing is kept and nothing is called; afterwards all is as before', () => {
  const events = defineEvents('quiet', { ticked: { when: 'it ticks', fields: { n: 'number' } } });
  const seen = vi.fn();
  events.ticked({ n: 1 });
  const stop = watchEvents(seen);
  stop();
  events.ticked({ n: 2 });
  defineEvents('quieter', { ticked: { when: 'it ticks', fields: { n: 'number' } } }).ticked({ n: 3 });
  expect(seen).not.toHaveBeenCalled();
  expect(channel('business-events').hasSubscribers).toBe(false);
});

test('two watchers both hear each event once', () => {
  const events = defineEvents('shared', { happened: { when: 'it happens', fields: {} } });
  const [first, second] = [vi.fn(), vi.fn()];
  const stops = [watchEvents(first), watchEvents(second)];
  events.happened({});
  for (const stop of stops) stop();
  expect(first).toHaveBeenCalledOnce();
  expect(second).toHaveBeenCalledOnce();
});

test('a name that is taken is refused and named', () => {
  const done = { done: { when: 'it is done', fields: {} } };
  defineEvents('once', done);
  expect(() => defineEvents('once', done)).toThrow('The event once.done is defined twice: rename one of them.');
});

test('the types allow exactly what was declared', () => {
  const events = defineEvents('typed', {
    sent: { when: 'it is sent', fields: { id: 'string', bytes: 'bytes', to: 'personal' } },
  });
  events.sent({ id: 'a', bytes: 1, to: 'b' });
  // @ts-expect-error a measurement is a number
  events.sent({ id: 'a', bytes: '1', to: 'b' });
  // @ts-expect-error personal data is a text
  events.sent({ id: 'a', bytes: 1, to: { name: 'b' } });
  // @ts-expect-error a declared value is missing
  events.sent({ id: 'a', bytes: 1 });
  // @ts-expect-error no such value was declared
  events.sent({ id: 'a', bytes: 1, to: 'b', more: true });
  // @ts-expect-error no such kind of field
  defineEvents('typed-badly', { sent: { when: 'it is sent', fields: { id: 'text' } } });
  expect(Object.keys(events)).toEqual(['sent']);
});
