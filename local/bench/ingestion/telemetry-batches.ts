import { randomBytes } from 'node:crypto';

/** What exporters send at once at most. */
const BATCH = 512;
const DAY_MS = 24 * 60 * 60 * 1_000;
const instrumentationKey = '00000000-0000-0000-0000-000000000000';
/** The `AppRoleName` of all these rows. */
export const senderRole = 'shop';
const routes = ['POST /orders', 'GET /orders/:id', 'GET /customers/:id', 'DELETE /orders/:id'];

export interface TelemetryBatch {
  body: string;
  /** How many rows of which table it makes. */
  rows: Readonly<Record<string, number>>;
}

/** Batches of `count` items in all, as a service sends them over a day: of ten six requests, three calls and one event. */
export function* telemetryBatches(count: number): Generator<TelemetryBatch> {
  const begin = Date.now() - DAY_MS;
  for (let sent = 0; sent < count; sent += BATCH) {
    const size = Math.min(BATCH, count - sent);
    const rows: Record<string, number> = {};
    const items = Array.from({ length: size }, (_, index) => {
      const number = sent + index;
      const { table, ...item } = telemetryItem(number, new Date(begin + (number / count) * DAY_MS).toISOString());
      rows[table] = (rows[table] ?? 0) + 1;
      return item;
    });
    yield { body: JSON.stringify(items), rows };
  }
}

function telemetryItem(number: number, time: string) {
  const id = randomBytes(8).toString('hex');
  const name = routes[number % routes.length] ?? '';
  const failed = number % 50 === 0;
  const duration = `00:00:00.${String((number * 7_919) % 10_000_000).padStart(7, '0')}`;
  const properties = { correlationId: randomBytes(16).toString('hex'), tenant: `tenant-${number % 97}` };
  const envelope = (table: string, baseType: string, baseData: object) => ({
    table,
    ver: 1,
    name: `Microsoft.ApplicationInsights.${baseType}`,
    time,
    sampleRate: 100,
    iKey: instrumentationKey,
    tags: {
      'ai.cloud.role': senderRole,
      'ai.cloud.roleInstance': `${senderRole}-${number % 3}`,
      'ai.application.ver': '1.2.3',
      'ai.operation.id': randomBytes(16).toString('hex'),
      'ai.operation.parentId': id,
      'ai.operation.name': name,
      'ai.internal.sdkVersion': 'node24:otel2.10.0:dst1.21.0',
    },
    data: { baseType, baseData: { ver: 2, properties, measurements: {}, ...baseData } },
  });
  const called = { id, name, duration, success: !failed };
  const kind = number % 10;
  if (kind < 6) {
    const url = `https://shop.example/orders/${id}?page=${number % 13}`;
    return envelope('AppRequests', 'RequestData', { ...called, url, responseCode: failed ? '503' : '200' });
  }
  if (kind < 9) {
    const [type, target, data] = ['Http', 'stock.example', `https://stock.example/items/${id}`];
    return envelope('AppDependencies', 'RemoteDependencyData', { ...called, type, target, data, resultCode: '200' });
  }
  return envelope('AppEvents', 'EventData', { name: 'order.placed', measurements: { amount: number % 1_000 } });
}
