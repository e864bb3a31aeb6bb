import { context, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLine, formatLine } from '../../../../src/observability/modules/structured-logs/line.ts';
import type { LogRecord } from '../../../../src/platform/log.ts';
import { logFields } from '../../../../tools/generate/log-fields.ts';

const service = { name: 'tested', version: '1.2.3', instance: 'i', roles: [] };
const record: LogRecord = { time: new Date(0), severity: 'info', message: 'said', fields: {} };

beforeAll(() => new NodeTracerProvider().register());
afterAll(() => context.disable());

const write = (...records: LogRecord[]) => records.map((each) => formatLine(createLine(each), service));

const namesOf = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([name, inner]) => [
    prefix + name,
    ...(typeof inner === 'object' && inner !== null ? namesOf(inner, `${prefix}${name}.`) : []),
  ]);

test('a line is one line of JSON with every name that the table says is always there, and no other', () => {
  const [line = '', ...more] = write({ ...record, message: 'two\nlines' });
  expect(more).toEqual([]);
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(namesOf(JSON.parse(line)).toSorted()).toEqual(
    logFields
      .filter(({ always }) => always)
      .map(({ name }) => name)
      .toSorted(),
  );
  expect(JSON.parse(line)).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    severity: 'info',
    message: 'two\nlines',
    service: 'tested',
    version: '1.2.3',
  });
});

test('in a trace and with an error a line has every name of the table, each of its type', () => {
  const span = trace.wrapSpanContext({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 });
  const [line = ''] = context.with(trace.setSpan(context.active(), span), () =>
    write({ ...record, severity: 'error', error: new Error('failed') }),
  );
  const parsed = JSON.parse(line);
  expect(namesOf(parsed).toSorted()).toEqual(logFields.map(({ name }) => name).toSorted());
  for (const { name, type } of logFields) {
    const value = name.split('.').reduce((owner, part) => owner[part], parsed);
    expect(typeof value, name).toBe(type === 'text' ? 'string' : 'object');
  }
});

test("a caller's field cannot take a name of the contract: it gets an underscore", () => {
  const fields = { message: 'm', severity: 's', time: 't', service: 'x', traceId: 'y', parcelId: 'f' };
  const [line = ''] = write({ ...record, fields });
  expect(JSON.parse(line)).toMatchObject({
    message: 'said',
    severity: 'info',
    service: 'tested',
    _message: 'm',
    _severity: 's',
    _time: 't',
    _service: 'x',
    _traceId: 'y',
    parcelId: 'f',
  });
  expect(line.match(/"(message|severity|time|service)":/g)).toHaveLength(4);
});

test('every name of the table is kept for the contract', () => {
  const names = logFields.map(({ name }) => name).filter((name) => !name.includes('.'));
  const [line = ''] = write({ ...record, fields: Object.fromEntries(names.map((name) => [name, 'from the caller'])) });
  expect(JSON.parse(line)).toMatchObject(Object.fromEntries(names.map((name) => [`_${name}`, 'from the caller'])));
});

test.each(['debug', 'info', 'warning', 'error'] as const)('severity %s is written as that word', (severity) => {
  expect(JSON.parse(write({ ...record, severity })[0] ?? '')).toMatchObject({ severity });
});
