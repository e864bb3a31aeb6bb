import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Row } from '../../../application-insights/index.ts';
import { postParcel } from '../../service/post-parcel.ts';
import { endServices, type RunningService, startService } from '../../service/running-service.ts';
import { type StandIns, startStandIns } from '../../service/stand-ins.ts';

type Counts = Record<string, { items: number; bytes: number }>;

let standIns: StandIns;
let service: RunningService;

beforeAll(async () => {
  standIns = await startStandIns();
  service = await startService(standIns, { config: { level: 3 }, env: { MAX_REPLICAS: '2' } });
});
afterAll(async () => {
  await endServices();
  await standIns?.stop();
});

/** Columns that Azure does not bill. */
const free = ['Type', '_BilledSize'];
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** What the ingestion endpoint stored: the UTF-8 length of the column values, by table. */
function stored(): Counts {
  const tables = Object.keys(standIns.insights.counts());
  const counted = tables.map((table) => {
    const rows = standIns.insights.rows(table);
    const values = rows.flatMap((row: Row) => Object.entries(row).filter(([column]) => !free.includes(column)));
    const bytes = values.reduce((sum, [, value]) => sum + Buffer.byteLength(textOf(value)), 0);
    return [table, { items: rows.length, bytes }] as const;
  });
  return Object.fromEntries(counted.filter(([, { items }]) => items > 0));
}

interface CostFacts {
  instance: string;
  thisHour: Counts;
  lastHour: Counts;
}

async function costCheck(): Promise<{ ok: boolean; facts: CostFacts }> {
  const response = await fetch(`${service.url}/health/details`);
  const { checks } = (await response.json()) as { checks: { name: string; ok: boolean; facts: CostFacts }[] };
  const found = checks.find(({ name }) => name === 'telemetry-cost');
  if (!found) throw new Error('There is no check telemetry-cost.');
  return found;
}

/** Of both hours, because one may end during the test. */
async function metered(): Promise<Counts> {
  const { facts } = await costCheck();
  const both: Counts = {};
  for (const [table, { items, bytes }] of [...Object.entries(facts.thisHour), ...Object.entries(facts.lastHour)])
    both[table] = { items: (both[table]?.items ?? 0) + items, bytes: (both[table]?.bytes ?? 0) + bytes };
  return both;
}

test('the meter says of every table what the endpoint stored, to the byte, also when it refuses items', {
  timeout: 60_000,
}, async () => {
  const send = (key: string, depot?: string) =>
    postParcel(service, { key, content: `Grüße 🚚 ${key}`, ...(depot && { depot }) });
  // 400 is final: the exporter drops what is refused and sends it no second time.
  await standIns.insights.faults.mode('206', { share: 0.3, statusCodes: [400] });
  for (const depot of ['north', 'south', 'nowhere']) for (let n = 0; n < 5; n++) await send(`${depot}-${n}`, depot);
  await vi.waitFor(() => expect(standIns.insights.faults.state().items.accepted).toBeGreaterThan(20), 10_000);
  await standIns.insights.faults.mode('ok');
  for (let n = 0; n < 5; n++) await send(`later-${n}`);
  await postParcel(service, {}, '/nothing/here');
  await standIns.settled();

  // The checks run every 10 seconds; metrics come once a minute, and are counted like all else.
  await vi.waitFor(async () => expect(await metered()).toEqual(stored()), { timeout: 40_000, interval: 300 });
  const tables = Object.keys(stored());
  for (const table of ['AppRequests', 'AppDependencies', 'AppTraces', 'AppEvents']) expect(tables).toContain(table);
});

test('the meter names its replica and is ok, and the _BilledSize of the local endpoint is the same sum', async () => {
  const { ok, facts } = await costCheck();
  expect(ok).toBe(true);
  const [row] = standIns.insights.rows('AppTraces');
  expect(facts.instance).toBe(row?.AppRoleInstance);
  for (const [table, { bytes }] of Object.entries(stored())) {
    const billed = standIns.insights.rows(table).map(({ _BilledSize }) => Number(_BilledSize));
    expect(billed.reduce((sum, size) => sum + size)).toBe(bytes);
  }
});

test('the metric of a minute has the bytes as sum and the rows as count, by table', { timeout: 30_000 }, async () => {
  const before = stored();
  await service.stop();
  const rows = standIns.insights.rows('AppMetrics').filter(({ Name }) => Name === 'telemetry.bytes');
  for (const table of ['AppRequests', 'AppEvents']) {
    const own = rows.filter(({ Properties }) => Object(Properties).table === table);
    const sum = (column: string) => own.reduce((total, row) => total + Number(row[column]), 0);
    expect({ items: sum('ItemCount'), bytes: sum('Sum') }).toEqual(before[table]);
  }
});
