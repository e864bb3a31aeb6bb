import { expect, test } from 'vitest';
import type { EventDefinition } from '../../src/observability/events.ts';
import { rowBytes, signalsPage } from '../../tools/generate/signals-page.ts';
import { type DeclaredEvent, eventGroupsIn, readSources } from '../../tools/generate/sources.ts';

const declared = (event: EventDefinition): DeclaredEvent => ({ ...event, group: 'orders', files: ['src/orders.ts'] });
const paid = {
  name: 'orders.paid',
  when: 'the bank has the money | or says so',
  fields: { orderId: 'string', customer: 'personal', gift: 'boolean', items: 'number', ageMs: 'milliseconds' },
} as const;

test('the page tells of each event when it is announced, its properties and its measurements with their units', () => {
  const [row] = signalsPage([declared(paid)]).match(/^\| `orders\.paid` .+$/m) ?? [];
  const cells = row?.split(/ (?<!\\)\| /) ?? [];
  expect(cells.slice(0, 4)).toEqual([
    '| `orders.paid`',
    'the bank has the money \\| or says so',
    '`orderId`, `customer` (personal: a hash), `gift` (true or false)',
    '`items`, `ageMs` (milliseconds)',
  ]);
  expect(signalsPage([declared(paid)])).toContain('## orders\n\nDeclared in `src/orders.ts`.');
});

test('the security events are those of the page of their module, and without the page there is no section', () => {
  const page =
    '# m\n\n| Level | What |\n| --- | --- |\n| 5 | x |\n\n| Event | One row |\n| --- | --- |\n| `seen` | a day |\n\nMore.\n';
  const text = signalsPage([declared(paid)], page);
  expect(text).toMatch(
    /\n## Security events\n\n.*\n\n\| Event \| One row \|\n\| --- \| --- \|\n\| `seen` \| a day \|\n$/,
  );
  expect(signalsPage([declared(paid)])).not.toContain('Security events');
});

test('a field makes a row longer by its name, its marks and its typical value', () => {
  const without = rowBytes({ ...paid, fields: {} });
  expect(rowBytes({ ...paid, fields: { who: 'personal' } }) - without).toBe('"who":,""'.length + 64);
  expect(rowBytes({ ...paid, fields: { ageMs: 'milliseconds' } }) - without).toBe('"ageMs":,'.length + 4);
});

test('an event without a moment, and names that no query can write, are told together', () => {
  const wrong = {
    name: 'orders.was-paid',
    when: ' ',
    fields: { 'order id': 'string', __: 'string', ok_1: 'boolean' },
  } as const;
  expect(() => signalsPage([declared(wrong), declared(paid)])).toThrow(
    /^The event "orders\.was-paid" needs a name .*\nThe event "orders\.was-paid" does not say when .*\nThe field "order id" .*\nThe field "__" of .*"_"\.$/,
  );
});

test('a group of events is found by its name, which must stand in the call as text', () => {
  expect(eventGroupsIn('a.ts', "defineEvents('orders', {});\nconst e = defineEvents(\n  'bills',\n  {},\n);")).toEqual([
    'orders',
    'bills',
  ]);
  expect(eventGroupsIn('a.ts', 'undefinedEvents(name)')).toEqual([]);
  expect(() => eventGroupsIn('a.ts', 'defineEvents(name, {})')).toThrow('a.ts: write the first argument');
});

test('of the events of this process only those that src and operator declare are signals', async () => {
  const { defineEvents } = await import('../../src/observability/events.ts');
  defineEvents('stranger-in-a-test', { happened: { when: 'a test runs', fields: {} } });
  expect((await readSources()).events.map(({ name }) => name)).not.toContain('stranger-in-a-test.happened');
});
