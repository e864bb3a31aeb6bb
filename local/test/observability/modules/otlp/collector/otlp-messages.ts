import type { Schema } from './protobuf.ts';

// The parts of opentelemetry-proto 1.x that tests look at.
const anyValue: Schema = () => ({
  1: ['value', 'text'],
  2: ['value', 'boolean'],
  3: ['value', 'number'],
  4: ['value', 'double'],
  5: ['value', () => ({ 1: ['values[]', anyValue] })],
});
const keyValue: Schema = () => ({ 1: ['key', 'text'], 2: ['value', anyValue] });
const resource: Schema = () => ({ 1: ['attributes[]', keyValue] });
const status: Schema = () => ({ 3: ['code', 'number'] });

const span: Schema = () => ({
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  4: ['parentSpanId', 'hex'],
  5: ['name', 'text'],
  6: ['kind', 'number'],
  9: ['attributes[]', keyValue],
  15: ['status', status],
});
const point: Schema = () => ({
  4: ['value', 'double'],
  6: ['value', 'fixed64'],
  7: ['attributes[]', keyValue],
});
const histogramPoint: Schema = () => ({
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  9: ['attributes[]', keyValue],
});
const metric: Schema = () => ({
  1: ['name', 'text'],
  3: ['unit', 'text'],
  5: ['points', () => ({ 1: ['points[]', point] })],
  7: ['points', () => ({ 1: ['points[]', point] })],
  9: ['points', () => ({ 1: ['points[]', histogramPoint] })],
});
const logRecord: Schema = () => ({
  2: ['severityNumber', 'number'],
  3: ['severityText', 'text'],
  5: ['body', anyValue],
  6: ['attributes[]', keyValue],
  9: ['traceId', 'hex'],
  10: ['spanId', 'hex'],
});

/** A request of one signal: items in scopes in resources. */
const request =
  (item: Schema): Schema =>
  () => ({
    1: ['resources[]', () => ({ 1: ['resource', resource], 2: ['scopes[]', () => ({ 2: ['items[]', item] })] })],
  });

export const requests = {
  '/v1/traces': request(span),
  '/v1/metrics': request(metric),
  '/v1/logs': request(logRecord),
};
