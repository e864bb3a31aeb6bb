import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixtureBusiness, type TestedBusiness } from '../fixture-business.ts';
import { endServices, type RunningService, startService } from './running-service.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

const folder = resolve(import.meta.dirname, '../classic-app');
/** Code of a classic application: it starts the package `applicationinsights` when it is imported, and calls it. */
const classicApp: TestedBusiness = {
  ...fixtureBusiness,
  entities: { queues: {}, topics: {} },
  queue: '',
  variables: () => ({ FIXTURE_FOLDER: folder }),
  preload: [...fixtureBusiness.preload, resolve(folder, 'told.preload.ts')],
};
const ignored = /^the application started the package applicationinsights/;
const superfluous = /^setup\(\)\.start\(\) of the package applicationinsights is superfluous/;

let standIns: StandIns;

beforeEach(async () => {
  standIns = await startStandIns({ business: classicApp });
});
afterEach(async () => {
  await endServices();
  await standIns.stop();
});

const start = (level: number, add: string[], env: Record<string, string | undefined> = {}) =>
  startService(standIns, {
    config: { level, modules: { add } },
    env: { SERVICEBUS_CONNECTION_STRING: undefined, OTEL_METRIC_EXPORT_INTERVAL: '200', ...env },
  });

const ask = (service: RunningService, quantity = 50) =>
  fetch(`${service.url}/quotes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ item: 'chair', quantity }),
  });

/** Makes the code of the application do something. The service does it before it takes the next request. */
async function tell(service: RunningService, action: string): Promise<void> {
  const done = once(service.child, 'message');
  service.child.send(action);
  await done;
}

const rowsOf = (table: string) => standIns.insights.rows(table);
const warnings = (service: RunningService) =>
  service.lines().flatMap(({ severity, message }) => (severity === 'warning' ? [message] : []));

/** One of each kind that the application tracks. The package gives the metric no operation. */
const tracked = [
  ['AppDependencies', { Name: 'find price', Success: true }],
  ['AppTraces', { Message: 'a quote is asked for', Properties: { item: 'chair' } }],
  ['AppExceptions', { OuterMessage: 'the price is above the limit', ExceptionType: 'RangeError' }],
  ['AppEvents', { Name: 'quote given', Properties: { item: 'chair' }, Measurements: { price: 150 } }],
] as const;

/** The rows of the application and of the service after one request, when the service has ended. */
function expectOneOfEach(): void {
  const [request, ...more] = rowsOf('AppRequests');
  expect(more).toEqual([]);
  expect(request).toMatchObject({ Name: 'POST /quotes', ResultCode: '200', ItemCount: 1 });
  for (const [table, columns] of tracked) {
    const rows = rowsOf(table).filter(({ OperationId }) => OperationId !== undefined);
    expect(rows, table).toEqual([expect.objectContaining({ ItemCount: 1 })]);
    expect(rows[0]).toMatchObject({ ...columns, OperationId: request?.OperationId, ParentId: request?.Id });
  }
  const values = rowsOf('AppMetrics').filter(({ Name }) => Name === 'quotePrice');
  expect(values).toEqual([expect.objectContaining({ Sum: 150, ItemCount: 1 })]);
  expect(rowsOf('AppTraces').filter(({ Message }) => Message === 'listening')).toHaveLength(1);
}

describe.each([1, 3, 4])('with classic-client at level %i', (level) => {
  test('one request is one row, and each call of the package is one row in its operation', async () => {
    const service = await start(level, ['classic-client']);
    expect(await ask(service).then((response) => response.json())).toEqual({ price: 150 });
    await service.stop();
    expectOneOfEach();
    expect(warnings(service)).toEqual([expect.stringMatching(superfluous)]);
  });
});

describe('with classic-client', () => {
  test('properties that the client gets later are on every row, also on those of a second client', async () => {
    const service = await start(1, ['classic-client']);
    await tell(service, 'set properties');
    await tell(service, 'track with a second client');
    await ask(service);
    await service.stop();
    const [event] = rowsOf('AppEvents').filter(({ Name }) => Name === 'second client');
    const rows = [event, ...rowsOf('AppRequests'), ...tracked.flatMap(([table]) => rowsOf(table).slice(-1))];
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(row).toMatchObject({ Properties: { team: 'blue' } });
    expect(warnings(service)).toEqual([expect.stringMatching(superfluous)]);
  });

  test('a line of the console is no row, and an uncaught exception is one line and one row', async () => {
    const service = await start(1, ['classic-client']);
    await tell(service, 'write to the console');
    await tell(service, 'track with a second client');
    await tell(service, 'throw');
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(service.lines('uncaught exception')).toHaveLength(1);
    expect(rowsOf('AppExceptions')).toEqual([expect.objectContaining({ OuterMessage: 'thrown as told' })]);
    expect(service.output()).toContain('a line of the console');
    expect(JSON.stringify(rowsOf('AppTraces'))).not.toContain('a line of the console');
  });

  test('without a connection string the application runs, and nothing is shipped', async () => {
    const service = await start(1, ['classic-client'], { APPLICATIONINSIGHTS_CONNECTION_STRING: undefined });
    expect(await ask(service).then(({ status }) => status)).toBe(200);
    await service.stop();
    expect(standIns.insights.faults.state().items.received).toBe(0);
  });
});

describe.each([1, 4])('without classic-client at level %i', (level) => {
  test('a start of the package is refused in one warning before the service listens, and telemetry goes on', async () => {
    const service = await start(level, []);
    await tell(service, 'dispose');
    await ask(service);
    await service.stop();
    const messages = service.lines().map(({ message }) => message);
    expect(warnings(service)).toEqual([expect.stringMatching(ignored)]);
    expect(messages.findIndex((message) => ignored.test(message))).toBeLessThan(messages.indexOf('listening'));
    expectOneOfEach();
    expect(rowsOf('AppTraces').map(({ Message }) => Message)).toContain('stopping');
  });
});
