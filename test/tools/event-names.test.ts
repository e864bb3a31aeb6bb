import { expect, test } from 'vitest';
import { eventNameFaults } from '../../tools/bicep/event-names.ts';
import { generateInfra } from '../../tools/bicep/generate-infra.ts';
import { readSources } from '../../tools/generate/sources.ts';

const events = ['orders.accepted', 'orders.paid', 'message.queued', 'message.completed'];
const faultsOf = (query: string, declared = events) => eventNameFaults('a.kql', query, declared);

test.each([
  'AppEvents | where Name == "orders.paid"',
  "AppEvents | where Name in ('orders.paid', \"orders.accepted\") | summarize countif(Name == 'message.queued')",
  'AppEvents | where Name startswith "message."',
  '// AppEvents | where Name == "gone"\nAppRequests | where Name == "GET /orders"',
  'let requests = AppRequests | where Name == "GET /orders";\nlet events = AppEvents;\nunion requests, events',
  'AppEvents | where Properties.Name == "x" or Rename == "y" | where DisplayName startswith "z"',
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

test('what Bicep loads is not generated when a rule or a question waits for an event of nobody', async () => {
  const names = (await readSources()).manifests.map(({ name }) => name);
  const needed = ['custom-events', 'dashboards', 'alert-rules'];
  if (!needed.every((name) => names.includes(name))) return; // a team has deleted a module, and its queries with it
  const generated = generateInfra(names, ['orders.accepted']);
  await expect(generated).rejects.toThrow(
    /^infra\/observability\/alert-rules\/consumer-stalled\.kql: .*"message\.queued".*\n.*dashboards\/dead-letters\.kql: /s,
  );
});
