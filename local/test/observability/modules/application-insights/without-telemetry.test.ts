import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type ChildSettings, startService } from '../tested-service/start-service.ts';

async function start(settings: ChildSettings) {
  const service = await startService(settings);
  onTestFinished(() => service.stop());
  return service;
}

test('without a connection string lines have trace ids, calls carry them on, and one line says that nothing is shipped', async () => {
  const received: IncomingHttpHeaders[] = [];
  const destination = createServer((request, response) => {
    received.push(request.headers);
    response.end();
  });
  await new Promise<void>((listening) => destination.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void destination.close());
  const service = await start({ level: 3 });

  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const url = `http://127.0.0.1:${(destination.address() as AddressInfo).port}`;
  await service.send('GET', '/items/1', { headers: { traceparent } });
  await service.send('POST', '/calls/fetch', { body: { url }, headers: { traceparent } });

  await vi.waitFor(() => expect(service.lines()).toHaveLength(2));
  const [notice, line] = service.lines();
  expect(notice).toMatchObject({
    severity: 'info',
    message: expect.stringContaining('APPLICATIONINSIGHTS_CONNECTION_STRING'),
  });
  expect(line).toMatchObject({ message: 'a file is read', traceId: '0af7651916cd43dd8448eb211c80319c' });
  expect(line?.spanId).toMatch(/^[\da-f]{16}$/);
  expect(received[0]?.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
});

test('telemetry that cannot start is reported, the service serves, and its lines go to standard output', async () => {
  const service = await start({ level: 1, connectionString: 'InstrumentationKey=not-a-key' });
  expect(await service.send('GET', '/items/1')).toMatchObject({ status: 200 });
  await vi.waitFor(() => expect(service.lines().at(-1)).toMatchObject({ message: 'a file is read' }));
  const [failure] = service.lines().filter(({ severity }) => severity === 'error');
  expect(failure).toMatchObject({
    message: 'telemetry failed to start',
    error: { message: expect.stringContaining('nvalid instrumentation key') },
  });
});
