import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../../application-insights/index.ts';
import { fixtureBusiness } from '../../fixture-business.ts';
import { endServices, type RunningService, startService } from '../../service/running-service.ts';
import { type StandIns, startStandIns } from '../../service/stand-ins.ts';
import { projectOfGuide } from './project-of-guide.ts';
import { type Systems, startSystems } from './small-systems.ts';

let project: string;

beforeAll(async () => {
  project = await projectOfGuide();
  const file = join(project, 'src/observability/modules/own-telemetry/index.ts');
  const text = await readFile(file, 'utf8');
  // What the guide warns of: a counter that is made before the SDK starts.
  const early = "const tooEarly = metrics.getMeter('early').createCounter('too.early');\n\nexport const setUp";
  await writeFile(
    file,
    text.replace('export const setUp', early).replace('start() {', 'start() {\n    tooEarly.add(1);'),
  );
});
afterAll(async () => {
  await endServices();
  await rm(project, { recursive: true, force: true });
});

describe.each([1, 3])('at level %i', (level) => {
  let standIns: StandIns;
  let systems: Systems;
  let service: RunningService;

  beforeAll(async () => {
    [standIns, systems] = await Promise.all([startStandIns(), startSystems()]);
    const variables = () => ({
      ORDERS_DATABASE_URL: systems.postgres,
      ORDERS_CACHE_URL: systems.redis,
      ORDERS_ARCHIVE_URL: systems.storage,
    });
    service = await startService(
      { ...standIns, business: { ...fixtureBusiness, preload: [], variables } },
      {
        checkout: project,
        config: { level, modules: { add: ['own-telemetry'], remove: [] } },
        env: { SERVICEBUS_CONNECTION_STRING: undefined, CONTAINER_APP_NAME: 'app' },
      },
    );
    const answer = await fetch(`${service.url}/orders/one`, { method: 'POST' });
    expect(answer.status, service.output()).toBe(204);
    await service.stop();
  });
  afterAll(async () => {
    await Promise.all([standIns?.stop(), systems?.stop()]);
  });

  const operation = (): string => {
    const requests = standIns.insights.rows('AppRequests').filter(({ Name }) => Name === 'POST /orders/:id');
    expect(requests).toHaveLength(1);
    return String(requests[0]?.OperationId);
  };
  const ofOperation = (table: string): Row[] =>
    standIns.insights.rows(table).filter(({ OperationId }) => OperationId === operation());

  test('metrics arrive as sums of their minute, and one that was made too early never does', () => {
    const metric = (name: string) => standIns.insights.rows('AppMetrics').filter(({ Name }) => Name === name);
    expect(metric('orders.accepted')).toMatchObject([{ Sum: 1, Properties: { channel: 'web' } }]);
    expect(metric('orders.value')).toMatchObject([{ Sum: 60, Properties: { channel: 'web' } }]);
    expect(metric('process.active_resources')).toMatchObject([{ Sum: expect.any(Number) }]);
    expect(metric('too.early')).toEqual([]);
  });

  test('the span and the calls of the SDKs are dependencies of the request', () => {
    const calls = ofOperation('AppDependencies').map(({ Name, DependencyType, Data }) => [Name, DependencyType, Data]);
    const { host } = new URL(systems.storage);
    const upload = `http://${host}/account/orders/one.txt?sv=REDACTED&sig=REDACTED`;
    expect(calls).toEqual(
      expect.arrayContaining([
        ['price order', 'InProc', undefined],
        ['pg.query:INSERT orders', 'postgresql', 'INSERT INTO orders (id) VALUES ($1)'],
        ['set', 'redis', 'set order:one [1 other arguments]'],
        ['PUT /account/orders/one.txt', 'Http', upload],
      ]),
    );
    // From level 2 on the SDKs of Azure make no spans of their own beside their HTTP calls.
    expect(calls.filter(([name]) => /one.txt|BlockBlob/.test(String(name)))).toHaveLength(level === 1 ? 3 : 1);
  });

  test('lines of winston and console are in the operation, without secrets', () => {
    const lines = ofOperation('AppTraces').map(({ Message, Properties }) => [Message, Object(Properties).password]);
    expect(lines).toEqual(
      expect.arrayContaining([
        ['order stored', 'REDACTED'],
        ['order one stored, password=REDACTED', undefined],
      ]),
    );
    const everything = Object.keys(standIns.insights.tables()).map((table) => standIns.insights.rows(table));
    expect(JSON.stringify(everything)).not.toMatch(/hidden-(password|signature)/);
  });
});
