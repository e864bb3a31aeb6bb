import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtureBusiness } from '../../../fixture-business.ts';
import { projectOfGuide } from '../../../guides/your-own-telemetry/project-of-guide.ts';
import { startSystems } from '../../../guides/your-own-telemetry/small-systems.ts';
import { endServices, startService } from '../../../service/running-service.ts';
import { startStandIns } from '../../../service/stand-ins.ts';
import { startOtlpCollector } from './collector/index.ts';

let project: string;

beforeAll(async () => {
  project = await projectOfGuide();
});
afterAll(async () => {
  await endServices();
  await rm(project, { recursive: true, force: true });
});

test("without a connection string a team's own metrics, spans and instrumentations arrive by OTLP", async () => {
  const [standIns, systems, collector] = await Promise.all([startStandIns(), startSystems(), startOtlpCollector()]);
  const variables = () => ({
    ORDERS_DATABASE_URL: systems.postgres,
    ORDERS_CACHE_URL: systems.redis,
    ORDERS_ARCHIVE_URL: systems.storage,
  });
  const service = await startService(
    { ...standIns, business: { ...fixtureBusiness, preload: [], variables } },
    {
      checkout: project,
      config: { level: 1, modules: { add: ['own-telemetry', 'otlp'], remove: [] } },
      env: {
        APPLICATIONINSIGHTS_CONNECTION_STRING: undefined,
        SERVICEBUS_CONNECTION_STRING: undefined,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      },
    },
  );
  expect((await fetch(`${service.url}/orders/one`, { method: 'POST' })).status, service.output()).toBe(204);
  await service.stop();
  await Promise.all([standIns.stop(), systems.stop(), collector.stop()]);

  const request = collector.spans().find(({ name }) => name === 'POST /orders/:id');
  const below = collector.spans().filter(({ traceId, kind }) => traceId === request?.traceId && kind !== request?.kind);
  expect(below.map(({ name }) => name).toSorted()).toEqual(['PUT', 'price order', 'set']);
  const names = collector.metrics().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['orders.accepted', 'orders.value', 'process.active_resources']));
  expect(JSON.stringify([collector.spans(), collector.logs()])).not.toMatch(/hidden-(password|signature)/);
});
