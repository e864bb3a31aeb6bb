import { beforeAll, expect, test } from 'vitest';
import { runClassicApplication, type Seen } from './classic-application.ts';

let seen: Seen;
beforeAll(async () => {
  seen = await runClassicApplication();
});

test('a start of the package applicationinsights is refused, and one warning says what to do', () => {
  expect(seen.warnings).toEqual([
    'the application started the package applicationinsights, which would have ended the telemetry of this service: the call is ignored; switch on the module classic-client, or remove the call',
  ]);
});

test('what the application tracks arrives where the telemetry of the service does, also after it has ended the package', () => {
  expect(seen.spans).toEqual([{ name: 'call', attributes: expect.anything() }]);
  expect(seen.records).toHaveLength(2);
});

test('without a connection string the start is refused too: calls do nothing, and trace ids are there', async () => {
  const { warnings, traceId } = await runClassicApplication({ ships: false });
  expect(warnings).toEqual(seen.warnings);
  expect(traceId).toMatch(/^[\da-f]{32}$/);
});

test('the package is not loaded while classic-client is off', () => {
  expect(seen.loaded).toBe(false);
});
