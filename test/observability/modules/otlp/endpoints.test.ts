import { afterEach, expect, test, vi } from 'vitest';
import { readEndpoints } from '../../../../src/observability/modules/otlp/endpoints.ts';

const read = (variables: Readonly<Record<string, string>>) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(`OTEL_EXPORTER_OTLP_${name}`, value);
  return readEndpoints();
};
afterEach(() => vi.unstubAllEnvs());

test('without variables everything goes to a collector on this machine', () => {
  expect(read({ ENDPOINT: ' ', PROTOCOL: '' })).toEqual({
    traces: 'http://localhost:4318/v1/traces',
    metrics: 'http://localhost:4318/v1/metrics',
    logs: 'http://localhost:4318/v1/logs',
  });
});

test('one address serves all signals, and a signal with an address of its own goes exactly there', () => {
  expect(read({ ENDPOINT: 'https://otlp.test/base/', LOGS_ENDPOINT: 'https://logs.test/in' })).toEqual({
    traces: 'https://otlp.test/base/v1/traces',
    metrics: 'https://otlp.test/base/v1/metrics',
    logs: 'https://logs.test/in',
  });
});

test.each([
  [{ PROTOCOL: 'grpc' }, 'asks for "grpc", and this module speaks http/protobuf alone'],
  [{ PROTOCOL: 'http/protobuf', METRICS_PROTOCOL: 'http/json' }, 'asks for "http/json"'],
  [{ ENDPOINT: 'localhost:4317' }, 'The address for traces in OTEL_EXPORTER_OTLP_TRACES_ENDPOINT or'],
  [{ LOGS_ENDPOINT: 'nowhere?key=hidden' }, 'The address for logs'],
])('%o stops the module and says why, because the exporters would ignore it', (variables, reason) => {
  expect(() => read(variables)).toThrow(reason);
  expect(() => read(variables)).not.toThrow('hidden');
});

test('a protocol for one signal stands before the one for all', () => {
  const own = { TRACES_PROTOCOL: 'http/protobuf', METRICS_PROTOCOL: 'http/protobuf', LOGS_PROTOCOL: 'http/protobuf' };
  expect(read({ PROTOCOL: 'grpc', ...own }).traces).toBe('http://localhost:4318/v1/traces');
});
