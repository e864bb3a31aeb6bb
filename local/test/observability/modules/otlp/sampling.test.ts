import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isChosen, traceIdOf } from '../../../../../test/observability/modules/keep-failures/held-back.fixture.ts';
import { startApplicationInsights } from '../../../../application-insights/index.ts';
import { startService } from '../tested-service/start-service.ts';
import { startOtlpCollector } from './collector/index.ts';

const percent = 5;
const requests = 100;
const client = 3;
const failed = (nth: number) => nth % 10 === 0;
let destination: Server;

beforeAll(async () => {
  destination = createServer((_request, response) => void response.end('here'));
  await new Promise<void>((listening) => destination.listen(0, '127.0.0.1', listening));
});
afterAll(() => void destination?.close());

/** Requests of which every tenth fails, each with a call; resolves with the ids of the requests and calls that arrived. */
async function sendAt(level: number, azure: boolean) {
  const [insights, collector] = await Promise.all([startApplicationInsights(), startOtlpCollector()]);
  const service = await startService(
    {
      level,
      add: ['otlp'],
      ...(azure && { connectionString: insights.connectionString }),
      sections: { sampling: { percent }, slo: { latencyMs: 60_000 } },
    },
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } },
  );
  const url = `http://127.0.0.1:${(destination.address() as AddressInfo).port}`;
  for (let nth = 0; nth < requests; nth++) {
    const headers = { traceparent: `00-${traceIdOf(nth)}-b7ad6b7169203331-01` };
    if (failed(nth)) await service.send('GET', '/boom', { headers });
    else await service.send('POST', '/calls/fetch', { headers, body: { url } });
  }
  await service.stop();
  await Promise.all([insights.stop(), collector.stop()]);
  const inAzure = ['AppRequests', 'AppDependencies'].flatMap((table) => insights.rows(table).map(({ Id }) => Id));
  return { inAzure, spans: collector.spans(), byOtlp: collector.spans().map(({ spanId }) => spanId) };
}

const nths = Array.from({ length: requests }, (_, nth) => nth);
/** A request that did not fail has a call, which is a span of its own. */
const spansOf = (chosen: (nth: number) => boolean) =>
  nths.filter(chosen).reduce((sum, nth) => sum + (failed(nth) ? 1 : 2), 0);

test.concurrent('at 5 percent the endpoint gets the spans that Azure gets: those of the traces that the sampler chose', async () => {
  const { inAzure, byOtlp } = await sendAt(1, true);
  expect(byOtlp.toSorted()).toEqual(inAzure.toSorted());
  expect(byOtlp).toHaveLength(spansOf((nth) => isChosen(traceIdOf(nth), percent)));
});

test.concurrent('with keep-failures it gets the spans that Azure gets too: every failed trace as well', async () => {
  const { inAzure, spans, byOtlp } = await sendAt(3, true);
  expect(byOtlp.toSorted()).toEqual(inAzure.toSorted());
  expect(byOtlp).toHaveLength(spansOf((nth) => failed(nth) || isChosen(traceIdOf(nth), percent)));
  const call = spans.find(({ kind }) => kind === client);
  expect(call?.attributes['microsoft.sample_rate']).toBe(percent);
});

test.concurrent('without a connection string it gets every trace', async () => {
  const { inAzure, byOtlp } = await sendAt(3, false);
  expect(inAzure).toEqual([]);
  expect(byOtlp).toHaveLength(spansOf(() => true));
});
