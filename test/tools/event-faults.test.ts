import { expect, test } from 'vitest';
import type { EventDefinition } from '../../src/observability/events.ts';
import { eventFaults } from '../../tools/bicep/event-faults.ts';
import { generateInfra } from '../../tools/bicep/generate-infra.ts';
import { readSources } from '../../tools/generate/sources.ts';

const when = 'it happens';
const events: EventDefinition[] = [
  { name: 'orders.accepted', when, fields: { orderId: 'string', customer: 'personal', gift: 'boolean' } },
  { name: 'orders.paid', when, fields: { orderId: 'string', ageMs: 'milliseconds' } },
  { name: 'message.queued', when, fields: { messageId: 'string' } },
  { name: 'message.completed', when, fields: { messageId: 'string', attempt: 'number' } },
];
const faultsOf = (query: string, declared = events) => eventFaults('a.kql', query, declared);

test.each([
  'AppEvents | where Name == "orders.paid"',
  "AppEvents | where Name in ('orders.paid', \"orders.accepted\") | summarize countif(Name == 'message.queued')",
  'AppEvents | where Name startswith "message."',
  '// AppEvents | where Name == "gone"\nAppRequests | where Name == "GET /orders"',
  'let requests = AppRequests | where Name == "GET /orders";\nlet events = AppEvents;\nunion requests, events',
  'AppEvents | where Properties.orderId == "x" or Rename == "y" | where DisplayName startswith "z"',
  'AppEvents | where Name == "orders.paid" | summarize max(todouble(Measurements.ageMs)) by tostring(Properties["orderId"])',
  "AppEvents | where Name == 'orders.accepted' | summarize dcount(tostring(Properties['customer'])) by tobool(Properties.gift)",
  'AppEvents | where Name startswith "message." | project Properties.messageId, Measurements.attempt, Properties.correlationId',
  '// Properties.gone\nAppEvents | where Name == "orders.paid"',
  'union AppTraces, AppEvents | where Name == "orders.paid" or Properties.category == "x"',
  'let requests = AppRequests | where Properties.tenant == "x";\nlet events = AppEvents | where Name == "orders.paid";\nunion requests, events',
])('a query on events that are declared has no fault: %s', (query) => {
  expect(faultsOf(query)).toEqual([]);
});

test.each([
  ['AppEvents | where Name == "orders.payed"', 'orders.payed', 'orders.paid'],
  ['AppEvents\n| where Name in ("orders.paid",\n  "message.complete")', 'message.complete', 'message.completed'],
  ["AppEvents | summarize queued = minif(TimeGenerated, Name == 'message.qeued')", 'message.qeued', 'message.queued'],
  ['let a = AppRequests;\nAppEvents | where Name =~ "order.accepted"', 'order.accepted', 'orders.accepted'],
])('an event that is declared nowhere is named with the nearest one that is: %s', (query, name, nearest) => {
  expect(faultsOf(query)).toEqual([
    `a.kql: no module and no business declares the event "${name}", so that it never sees one. Did you mean "${nearest}"?`,
  ]);
});

test('a beginning that no event has is a fault too, and one that is asked for twice is told once', () => {
  expect(faultsOf('AppEvents | where Name startswith "massage." or Name startswith "massage."')).toEqual([
    'a.kql: no module and no business declares an event that begins with "massage.". Did you mean "message.queued"?',
  ]);
  expect(faultsOf('AppEvents | where Name == "a.b"', [])).toEqual([
    expect.stringContaining('so that it never sees one. None is declared.'),
  ]);
});

const alwaysEmpty = (field: string) => `so that "${field}" is always empty.`;

test.each([
  [
    'AppEvents | where Name == "orders.paid" | summarize max(todouble(Measurements.agems))',
    `the event "orders.paid" does not declare "agems", ${alwaysEmpty('Measurements.agems')} Did you mean "ageMs"?`,
  ],
  [
    'AppEvents | where Name == "orders.paid" | where Properties["customer"] == "x"',
    `the event "orders.paid" does not declare "customer", ${alwaysEmpty('Properties.customer')} Did you mean "orderId"?`,
  ],
  [
    'AppEvents | where Name startswith "message." | where isempty(Properties.messageID) or isempty(Properties.messageID)',
    `no event that it reads declares "messageID", ${alwaysEmpty('Properties.messageID')} Did you mean "messageId"?`,
  ],
  [
    'AppEvents | where Name == "message.completed" | summarize max(toint(Properties.attempt))',
    '"Properties.attempt" is always empty: write Measurements.attempt.',
  ],
  [
    "AppEvents | where Measurements['messageId'] == 'x'",
    '"Measurements.messageId" is always empty: write Properties.messageId.',
  ],
  [
    'let paid = AppEvents | where Name == "orders.paid";\npaid | project Properties.order',
    `the event "orders.paid" does not declare "order", ${alwaysEmpty('Properties.order')} Did you mean "orderId"?`,
  ],
])('a field that the events of a query do not declare is told: %s', (query, fault) => {
  expect(faultsOf(query)).toEqual([`a.kql: ${fault}`]);
});

test('of an event that is declared nowhere the name alone is told, and not its fields', () => {
  expect(faultsOf('AppEvents | where Name == "orders.lost" | project Properties.reason')).toEqual([
    expect.stringContaining('declares the event "orders.lost"'),
  ]);
});

test('what Bicep loads is not generated when a rule or a question waits for an event of nobody', async () => {
  const names = (await readSources()).manifests.map(({ name }) => name);
  const needed = ['custom-events', 'dashboards', 'alert-rules'];
  if (!needed.every((name) => names.includes(name))) return; // a team has deleted a module, and its queries with it
  const generated = generateInfra(names, events.slice(0, 1));
  await expect(generated).rejects.toThrow(
    /^infra\/observability\/alert-rules\/consumer-stalled\.kql: .*"message\.queued".*\n.*dashboards\/dead-letters\.kql: /s,
  );
});
