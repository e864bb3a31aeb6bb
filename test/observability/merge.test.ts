import { expect, test } from 'vitest';
import { mergeParts } from '../../src/observability/merge.ts';

const part = (name: string, azureMonitor: object) => ({ name, parts: { azureMonitor } });
const mergeOptions = (modules: ReturnType<typeof part>[]) => mergeParts(modules).azureMonitor ?? {};

test('arrays are joined in the order of the modules', () => {
  const [first, second] = [{} as never, {} as never];
  const merged = mergeOptions([part('a', { spanProcessors: [first] }), part('b', { spanProcessors: [second] })]);
  expect(merged.spanProcessors?.[0]).toBe(first);
  expect(merged.spanProcessors?.[1]).toBe(second);
});

test('objects are merged key by key', () => {
  const merged = mergeOptions([
    part('a', { instrumentationOptions: { http: { enabled: true } } }),
    part('b', { instrumentationOptions: { azureSdk: { enabled: false } } }),
  ]);
  expect(merged).toEqual({ instrumentationOptions: { http: { enabled: true }, azureSdk: { enabled: false } } });
});

test('two modules that give one scalar, or one key of an object, are both named', () => {
  expect(() => mergeOptions([part('a', { samplingRatio: 1 }), part('b', { samplingRatio: 0.5 })])).toThrow(
    'The modules a and b both set azureMonitor.samplingRatio: only one may.',
  );
  const http = (enabled: boolean) => ({ instrumentationOptions: { http: { enabled } } });
  expect(() => mergeOptions([part('a', http(true)), part('b', http(false))])).toThrow(/instrumentationOptions\.http/);
});

test('what a module handed over is not changed', () => {
  const options = Object.freeze({ instrumentationOptions: Object.freeze({ http: { enabled: true } }) });
  mergeOptions([part('a', options), part('b', { instrumentationOptions: { redis: { enabled: true } } })]);
  expect(options).toEqual({ instrumentationOptions: { http: { enabled: true } } });
});
