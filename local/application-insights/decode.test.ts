import { expect, test } from 'vitest';
import { decodeItem } from './decode.ts';
import { envelope, message, OPERATION, request } from './envelopes.fixture.ts';
import { type ColumnType, type Row, tables } from './tables.ts';

const rowOf = (item: unknown): Row => {
  const decoded = decodeItem(item);
  if (decoded.fault !== undefined || !decoded.row) throw new Error(`no row: ${JSON.stringify(decoded)}`);
  return decoded.row;
};

const COMMON = {
  TimeGenerated: '2026-11-22T10:00:00.1230000Z',
  AppRoleName: 'shop',
  AppRoleInstance: 'shop-1',
  AppVersion: '1.2.3',
  OperationId: OPERATION,
  ParentId: 'b7ad6b7169203331',
  SDKVersion: 'node24:otel2.10.0:dst1.20.0',
  IKey: '11111111-2222-3333-4444-555555555555',
  ClientType: 'PC',
  ClientIP: '0.0.0.0',
  _BilledSize: expect.any(Number),
};

const dependency = envelope('RemoteDependencyData', {
  id: 'd1',
  name: 'POST /south',
  duration: '1.02:03:04.005',
  success: true,
  resultCode: '201',
  data: 'http://127.0.0.1/south',
  type: 'Http',
  target: '127.0.0.1',
});
const exception = envelope('ExceptionData', {
  exceptions: [{ typeName: 'RangeError', message: 'too far', hasFullStack: true, stack: 'RangeError: too far\n at x' }],
  severityLevel: 'Critical',
});
const chained = envelope('ExceptionData', {
  exceptions: [
    { id: 1, typeName: 'Error', message: 'outer', parsedStack: [{ level: 0, method: 'route', assembly: 'at route' }] },
    { id: 2, outerId: 1, typeName: 'TypeError', message: 'inner', parsedStack: [{ level: 0, method: 'parse' }] },
  ],
});
const event = envelope('EventData', { name: 'file.accepted', properties: { n: 7, o: { a: 1 }, z: null } });
const metric = envelope('MetricData', { metrics: [{ name: 'latency', value: 30, count: 3, min: 5, max: 20 }] });
const counter = envelope('MetricData', {
  metrics: [{ name: '\\ASP.NET Applications(??APP_W3SVC_PROC??)\\Request Execution Time', value: 30, count: 3 }],
});
const availability = envelope('AvailabilityData', {
  id: 'a1',
  name: 'ping',
  duration: '00:00:00.250',
  success: true,
  runLocation: 'Oslo',
  message: 'fine',
});
const pageView = envelope('PageViewData', { id: 'p1', name: 'Home', url: 'http://127.0.0.1/', duration: '00:00:02' });

const everything = { dependency, exception, chained, event, metric, counter, availability, pageView };

test('a request becomes a row of AppRequests', () => {
  expect(rowOf(request())).toEqual({
    ...COMMON,
    Type: 'AppRequests',
    Id: '00f067aa0ba902b7',
    Name: 'POST /items',
    DurationMs: 1250.5,
    Success: false,
    ResultCode: '503',
    Url: 'http://127.0.0.1/items',
    Properties: { 'http.flavor': '1.1' },
    Measurements: { bytes: 12.5 },
    ItemCount: 1,
  });
});

test('a dependency becomes a row of AppDependencies, its days counted in the duration', () => {
  expect(rowOf(dependency)).toEqual({
    ...COMMON,
    Type: 'AppDependencies',
    Id: 'd1',
    Name: 'POST /south',
    DurationMs: (26 * 3600 + 3 * 60 + 4) * 1000 + 5,
    Success: true,
    ResultCode: '201',
    Data: 'http://127.0.0.1/south',
    DependencyType: 'Http',
    Target: '127.0.0.1',
    Properties: {},
    Measurements: {},
    ItemCount: 1,
  });
});

test('a message becomes a row of AppTraces with its severity as a number', () => {
  expect(rowOf(message('late'))).toMatchObject({ Type: 'AppTraces', Message: 'late', SeverityLevel: 2 });
  const levels = ['Verbose', 'Information', 'Warning', 'Error', 'Critical'];
  const decoded = levels.map((severityLevel) => rowOf(envelope('MessageData', { message: 'm', severityLevel })));
  expect(decoded.map((row) => row.SeverityLevel)).toEqual([0, 1, 2, 3, 4]);
  expect(rowOf(envelope('MessageData', { message: 'm', severityLevel: 3 }))).toMatchObject({ SeverityLevel: 3 });
  expect(rowOf(envelope('MessageData', { message: 'm' }))).not.toHaveProperty('SeverityLevel');
});

test('an exception keeps its stack as text in the details', () => {
  expect(rowOf(exception)).toEqual({
    ...COMMON,
    Type: 'AppExceptions',
    ExceptionType: 'RangeError',
    OuterType: 'RangeError',
    OuterMessage: 'too far',
    InnermostType: 'RangeError',
    InnermostMessage: 'too far',
    ProblemId: 'RangeError',
    SeverityLevel: 4,
    Details: [
      {
        id: '0',
        outerId: '0',
        type: 'RangeError',
        message: 'too far',
        severityLevel: 'Critical',
        rawStack: 'RangeError: too far\n at x',
      },
    ],
    Properties: {},
    Measurements: {},
    ItemCount: 1,
  });
});

test('of chained exceptions the first is the outermost and the last the innermost', () => {
  expect(rowOf(chained)).toMatchObject({
    ExceptionType: 'Error',
    OuterMessage: 'outer',
    OuterMethod: 'route',
    OuterAssembly: 'at route',
    InnermostType: 'TypeError',
    InnermostMessage: 'inner',
    InnermostMethod: 'parse',
    ProblemId: 'TypeError at parse',
    Details: [
      { id: '1', outerId: '0' },
      { id: '2', outerId: '1', parsedStack: [{ method: 'parse' }] },
    ],
  });
});

test('an event has text properties, whatever was sent', () => {
  const row = rowOf(event);
  expect(row).toMatchObject({ Type: 'AppEvents', Name: 'file.accepted' });
  expect(row.Properties).toEqual({ n: '7', o: '{"a":1}' });
});

test('a metric keeps its sum, extremes and count, and a single value is its own extreme', () => {
  expect(rowOf(metric)).toMatchObject({ Type: 'AppMetrics', Name: 'latency', Sum: 30, Min: 5, Max: 20, ItemCount: 3 });
  const gauge = rowOf(envelope('MetricData', { metrics: [{ name: 'depth', value: 9 }] }));
  expect(gauge).toMatchObject({ Sum: 9, Min: 9, Max: 9, ItemCount: 1 });
  expect(rowOf(envelope('MetricData', { metrics: [{ name: 'sum', value: 9, count: 4 }] }))).not.toHaveProperty('Min');
});

test('a performance counter becomes its mean, without the placeholder of the own process', () => {
  const row = rowOf(counter);
  expect(row).toMatchObject({
    Type: 'AppPerformanceCounters',
    Name: 'Request Execution Time',
    Category: 'ASP.NET Applications',
    Counter: 'Request Execution Time',
    Value: 10,
  });
  expect(row).not.toHaveProperty('Instance');
  const disk = rowOf(envelope('MetricData', { metrics: [{ name: '\\Disk(C:)\\Free', value: 4 }] }));
  expect(disk).toMatchObject({ Category: 'Disk', Instance: 'C:', Counter: 'Free', Value: 4 });
});

test('an availability result and a page view have tables of their own', () => {
  expect(rowOf(availability)).toMatchObject({
    Type: 'AppAvailabilityResults',
    Id: 'a1',
    Name: 'ping',
    DurationMs: 250,
    Success: true,
    Location: 'Oslo',
    Message: 'fine',
  });
  expect(rowOf(pageView)).toMatchObject({
    Type: 'AppPageViews',
    Id: 'p1',
    Name: 'Home',
    Url: 'http://127.0.0.1/',
    DurationMs: 2000,
  });
});

test('the resource metric that precedes each batch is accepted and leaves no row', () => {
  const resource = envelope('MetricData', { metrics: [{ name: '_OTELRESOURCE_', value: 1 }] });
  expect(decodeItem(resource)).toEqual({ row: undefined });
});

test.each([
  [100, 1],
  [25, 4],
  [33.3, 3],
  [0.1, 1000],
  [0, 1],
])('a sample rate of %d percent stands for %d items', (sampleRate, items) => {
  expect(rowOf(request({}, { sampleRate }))).toMatchObject({ ItemCount: items });
});

test('a sampled metric is not multiplied', () => {
  const sampled = envelope('MetricData', { metrics: [{ name: 'm', value: 1, count: 2 }] }, { sampleRate: 10 });
  expect(rowOf(sampled)).toMatchObject({ ItemCount: 2 });
});

test('the billed size is that of the columns as text, in bytes and not characters, without those that are free', () => {
  const { _BilledSize, Type, ...billed } = rowOf(message('Grüße 🚚'));
  const texts = Object.values(billed).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  expect(_BilledSize).toBe(Buffer.byteLength(texts.join('')));
  expect(_BilledSize).toBe(rowOf(message('x'.repeat(12)))._BilledSize);
});

test('times of any precision and zone become UTC with ticks of 100 ns', () => {
  const times = ['2026-11-22T10:00:00.1234567Z', '2026-11-22T23:45:00+13:45'];
  expect(times.map((time) => rowOf(request({}, { time })).TimeGenerated)).toEqual([
    '2026-11-22T10:00:00.1234567Z',
    '2026-11-22T10:00:00.0000000Z',
  ]);
});

const isOfType: Record<ColumnType, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  guid: (value) => typeof value === 'string',
  datetime: (value) => typeof value === 'string' && new Date(value).toISOString() === value.replace(/\d{4}Z$/, 'Z'),
  timespan: (value) => typeof value === 'bigint',
  decimal: (value) => typeof value === 'string',
  int: Number.isInteger,
  long: Number.isInteger,
  real: Number.isFinite,
  bool: (value) => typeof value === 'boolean',
  dynamic: (value) => typeof value === 'object' && value !== null,
};

test('every column of every row is in the schema of its table, with its type', () => {
  const tagged = request(
    {},
    {
      tags: {
        'ai.user.id': 'u',
        'ai.user.authUserId': 'a',
        'ai.user.accountId': 'c',
        'ai.session.id': 's',
        'ai.operation.name': 'POST /items',
        'ai.operation.syntheticSource': 'True',
        'ai.device.osVersion': 'Linux',
        'ai.device.model': 'm',
        'ai.device.type': 'Other',
      },
    },
  );
  const rows = [...Object.values(everything), request({ source: 'x' }), message('m'), tagged].map(rowOf);
  const wrong = rows.flatMap((row) =>
    Object.entries(row)
      .filter(([column, value]) => {
        const type = tables[row.Type][column];
        return type === undefined || !isOfType[type](value);
      })
      .map(([column]) => `${row.Type}.${column}`),
  );
  expect(wrong).toEqual([]);
  expect(new Set(rows.map((row) => row.Type)).size).toBe(9);
  expect(rowOf(tagged)).toMatchObject({ UserAuthenticatedId: 'a', SyntheticSource: 'True', ClientType: 'Other' });
});

test.each([
  ['text', 'a string', /^Envelope: /],
  ['nothing', null, /^Envelope: /],
  ['no time', request({}, { time: undefined }), /^Envelope\.time: /],
  ['a wrong time', request({}, { time: 'yesterday' }), /^Envelope\.time: "yesterday" is not an ISO date/],
  ['no data', request({}, { data: undefined }), /^Envelope\.data: /],
  ['an unknown type', envelope('Nonsense', {}), /^baseType "Nonsense" is not one of RequestData, /],
  ['an inherited name as type', envelope('toString', {}), /^baseType "toString"/],
  ['a wrong duration', request({ duration: 'soon' }), /^RequestData\.duration: "soon" is not a time span/],
  ['no exception', envelope('ExceptionData', { exceptions: [] }), /^ExceptionData\.exceptions: /],
  [
    'a wrong severity',
    envelope('MessageData', { message: 'm', severityLevel: 'Loud' }),
    /^MessageData\.severityLevel: /,
  ],
])('an item with %s is refused by name', (_, item, fault) => {
  expect(decodeItem(item)).toEqual({ fault: expect.stringMatching(fault) });
});
