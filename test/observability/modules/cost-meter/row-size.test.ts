import { expect, test } from 'vitest';
import { type Item, sizeOfRow } from '../../../../src/observability/modules/cost-meter/row-size.ts';

const iKey = '11111111-2222-3333-4444-555555555555';
const tags = { 'ai.cloud.role': 'shop', 'ai.operation.id': '0af7651916cd43dd8448eb211c80319c' };
/** The columns that every row has, with those that Azure adds. */
const common = ['2026-11-22T10:00:00.1230000Z', iKey, 'shop', '0af7651916cd43dd8448eb211c80319c', 'PC', '0.0.0.0'];

const item = (baseType: string, baseData: object, more: Partial<Item> = {}): Item => ({
  iKey,
  sampleRate: 100,
  tags,
  data: { baseType, baseData: { ver: 2, ...baseData } },
  ...more,
});
const bytesOf = (columns: readonly string[]) => Buffer.byteLength([...common, ...columns].join(''));
const properties = { correlationId: 'ä"b' };
const asText = '{"correlationId":"ä\\"b"}';

test.each<[string, string, object, string[]]>([
  [
    'AppRequests',
    'RequestData',
    {
      id: 'a1',
      name: 'GET /é',
      duration: '00:01:02.5000300',
      success: true,
      responseCode: '200',
      url: 'u',
      properties,
    },
    ['a1', 'GET /é', '62500.03', 'true', '200', 'u', asText, '1'],
  ],
  [
    'AppDependencies',
    'RemoteDependencyData',
    { id: 'a1', name: 'n', duration: '00:00:00.0503042', success: false, resultCode: '503', data: 'd', target: 't' },
    ['a1', 'n', '50.3042', 'false', '503', 'd', 't', '1'],
  ],
  [
    'AppTraces',
    'MessageData',
    { message: '🚚', severityLevel: 'Information', properties, measurements: {} },
    ['🚚', '1', asText, '{}', '1'],
  ],
  [
    'AppEvents',
    'EventData',
    { name: 'orders.accepted', properties, measurements: { bytes: 42 } },
    ['orders.accepted', asText, '{"bytes":42}', '1'],
  ],
  [
    'AppExceptions',
    'ExceptionData',
    {
      exceptions: [{ typeName: 'RangeError', message: 'too "far"', hasFullStack: true, stack: 'RangeError\n at x' }],
      severityLevel: 'Error',
      properties: {},
    },
    [
      ...Array(4).fill('RangeError'), // ExceptionType, OuterType, InnermostType, ProblemId
      ...Array(2).fill('too "far"'), // OuterMessage, InnermostMessage
      '3',
      '[{"id":"0","outerId":"0","type":"RangeError","message":"too \\"far\\"","severityLevel":"Error","rawStack":"RangeError\\n at x"}]',
      '{}',
      '1',
    ],
  ],
  [
    'AppMetrics',
    'MetricData',
    { metrics: [{ name: 'depth', value: 12.5, count: 1 }], properties: { queue: 'in' } },
    ['depth', '12.5', '12.5', '12.5', '1', '{"queue":"in"}'],
  ],
  [
    'AppMetrics',
    'MetricData',
    { metrics: [{ name: 'd', value: 30, count: 3, min: 5, max: 15 }], properties: {} },
    ['d', '30', '5', '15', '3', '{}'],
  ],
  [
    'AppPerformanceCounters',
    'MetricData',
    { metrics: [{ name: '\\Process(??APP_WIN32_PROC??)\\Private Bytes', value: 8, count: 2 }], properties: {} },
    ['Private Bytes', 'Private Bytes', 'Process', '4', '{}'],
  ],
])('a row of %s from %s counts the text of its columns in UTF-8', (table, baseType, baseData, columns) => {
  expect(sizeOfRow(item(baseType, baseData))).toEqual({ table, bytes: bytesOf(columns) });
});

test('a row that stands for twenty has two digits in ItemCount', () => {
  expect(sizeOfRow(item('EventData', { name: 'n' }, { sampleRate: 5 }))?.bytes).toBe(bytesOf(['n', '20']));
});

test('the address and the agent of a caller are no columns', () => {
  const more = { tags: { ...tags, 'ai.location.ip': '10.1.2.3', 'ai.user.userAgent': 'x'.repeat(500) } };
  expect(sizeOfRow(item('EventData', { name: 'n' }, more))?.bytes).toBe(bytesOf(['n', '1']));
});

test.each([
  ['the resource of a batch', item('MetricData', { metrics: [{ name: '_OTELRESOURCE_', value: 1 }], properties: {} })],
  ['a kind that nobody knows', item('NewData', { name: 'n' })],
])('of %s there is no row', (_, sent) => {
  expect(sizeOfRow(sent)).toBeUndefined();
});
