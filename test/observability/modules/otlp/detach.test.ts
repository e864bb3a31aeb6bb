import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { expect, onTestFinished, test, vi } from 'vitest';
import { detach } from '../../../../src/observability/modules/otlp/detach.ts';

/** An exporter of traces for an endpoint that answers with `status`, or never. */
async function exporterFor(status?: number) {
  const server = createServer((_request, response) => void (status && response.writeHead(status, 'No luck').end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const failed = vi.fn<(reason: string) => void>();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  const exporter = detach(new OTLPTraceExporter({ url, timeoutMillis: 1_000 }), failed);
  return { exporter, failed };
}
const none: ReadableSpan[] = [];

test('a batch counts as delivered at once, and a refusal is told with its status', async () => {
  const { exporter, failed } = await exporterFor(400);
  const done = vi.fn();
  exporter.export(none, done);
  expect(done).toHaveBeenCalledExactlyOnceWith({ code: ExportResultCode.SUCCESS });
  await vi.waitFor(() => expect(failed.mock.calls).toEqual([['No luck (400)']]));
  await exporter.shutdown();
});

test('of an endpoint that never answers it is told, and what is on its way is bounded', async () => {
  const { exporter, failed } = await exporterFor();
  for (let sent = 0; sent < 33; sent++) exporter.export(none, () => {});
  expect(failed.mock.calls).toEqual(Array(3).fill(['Concurrent export limit reached']));
  await vi.waitFor(() => expect(failed).toHaveBeenCalledTimes(33), { timeout: 10_000 });
  expect(failed).toHaveBeenLastCalledWith('no answer in time');
});

test('a shutdown waits for what is on its way, and three seconds at most', async () => {
  const end = Promise.withResolvers<void>();
  const exporter = detach({ export() {}, shutdown: () => end.promise }, () => {});
  let ended = false;
  const shutdown = exporter.shutdown().then(() => {
    ended = true;
  });
  await new Promise((next) => setImmediate(next));
  expect(ended).toBe(false);
  end.resolve();
  await shutdown;

  const stuck = detach({ export() {}, shutdown: () => new Promise<void>(() => {}) }, () => {});
  const startedAt = performance.now();
  await stuck.shutdown();
  expect(performance.now() - startedAt).toBeGreaterThan(2_900);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
});
