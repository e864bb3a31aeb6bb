import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createSecurityCounts } from '../../../../src/observability/modules/security-events/security-counts.ts';
import type { EventRow, SecurityEvent } from '../../../../src/observability/modules/security-events/security-row.ts';

const root = resolve(import.meta.dirname, '../../../..');
type Column = Exclude<keyof EventRow, 'Event' | 'TimeGenerated'>;

const request = ['Route', 'Fingerprint', 'Caller', 'Client', 'Reason', 'Calls', 'Callers', 'Bytes'] as const;
/** `npm run check` finds an event that is missing here, and a column that no row has. */
const filled: Readonly<Record<SecurityEvent, readonly Column[]>> = {
  'authentication-failed': request,
  'authorization-refused': request,
  'rate-limited': request,
  'caller-seen': ['Fingerprint', 'Caller', 'Client', 'Calls'],
  'traffic-shape': ['Route', 'Fingerprint', 'Calls', 'Callers', 'Bytes'],
  'dead-lettered': ['Producer', 'Source', 'Reason', 'Calls'],
  'dead-letters-replayed': ['Actor', 'Source', 'Calls'],
  'dead-letters-purged': ['Actor', 'Source', 'Calls'],
  'service-started': ['Identity', 'Calls'],
};
const names = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

test('the page lists every security event once, with the columns that it fills', () => {
  const page = readFileSync(join(root, 'docs/modules/security-events.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (`[a-z-]+`.*?) \| (.*?) \| (.*) \|$/gm)];
  const listed = rows.flatMap(([, events, , columns]) =>
    names(events).map((event) => [event, names(columns)] as const),
  );
  expect(new Set(listed.map(([event]) => event)).size).toBe(listed.length);
  expect(Object.fromEntries(listed)).toEqual(filled);
});

test('the columns of events about requests are those that the counts fill', () => {
  const counts = createSecurityCounts();
  const at = Date.parse('2026-03-04T10:00:00.000Z');
  const facts = { Route: 'POST /parcels', Fingerprint: 'f', Caller: 'c', Client: 'app', Reason: 'r' };
  for (const status of [401, 403, 429, 202]) counts.request({ at, status, bytes: 100, ...facts });
  const rows = counts.take(at, true);
  const columnsOf = ({ Event: _, TimeGenerated: __, ...row }: EventRow) =>
    Object.entries(row).flatMap(([column, value]) => (value ? [column] : []));
  expect(new Set(rows.map(({ Event }) => Event)).size).toBe(5);
  for (const row of rows) expect(columnsOf(row).toSorted(), row.Event).toEqual(filled[row.Event].toSorted());
});
