import { beforeAll, expect, test } from 'vitest';
import { runClassicApplication, type Seen } from './application-insights/classic-application.ts';

let seen: Seen;
beforeAll(async () => {
  seen = await runClassicApplication({ add: ['classic-client'] });
});

test('the package is started for the application, whose own start is called superfluous once', () => {
  expect(seen.loaded).toBe(true);
  expect(seen.warnings).toEqual([
    'setup().start() of the package applicationinsights is superfluous, and the options that the application gives it do not count: classic-client has started it; remove the call',
  ]);
});

test('what is tracked arrives once, with the properties that the application has given the client after its start', () => {
  expect(seen.spans).toEqual([{ name: 'call', attributes: expect.objectContaining({ team: 'blue' }) }]);
  expect(seen.records).toEqual([
    expect.objectContaining({ '_MS.baseType': 'EventData', team: 'blue' }),
    expect.objectContaining({ '_MS.baseType': 'EventData' }),
  ]);
});

test('no client waits for uncaught exceptions, which the platform logs', () => {
  expect(seen.hooks).toBe(0);
});

test('without a connection string its calls do nothing', async () => {
  const { warnings, traceId } = await runClassicApplication({ ships: false, add: ['classic-client'] });
  expect(warnings).toEqual(seen.warnings);
  expect(traceId).toMatch(/^[\da-f]{32}$/);
});
