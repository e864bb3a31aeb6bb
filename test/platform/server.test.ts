import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../../src/platform/server.ts';
import { rawConnection } from './raw-http.ts';

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** Further away than any of these tests lasts. */
const noDeadline = new AbortController().signal;

async function listening(app: RequestListener) {
  const server = await listen(app, 0, '127.0.0.1');
  onTestFinished(async () => {
    server.server.closeAllConnections();
    await server.close(AbortSignal.abort());
  });
  return server;
}

/** A server whose answers the test gives, in the order of the requests; `sockets` in the order of the connections. */
async function answeredByHand() {
  const answers: ServerResponse[] = [];
  const sockets: Socket[] = [];
  const server = await listening((_request, response) => answers.push(response));
  server.server.on('connection', (socket) => sockets.push(socket));
  return { ...server, answers, sockets };
}

test('a port that is taken is an error that names PORT and the port', async () => {
  const first = await listening(() => {});
  await expect(listen(() => {}, first.port, '127.0.0.1')).rejects.toThrow(
    `Port ${first.port} is in use: stop what listens there or set PORT to a free one.`,
  );
});

test('an unused connection is kept longer than the ingress of Azure Container Apps keeps it', async () => {
  const { server } = await listening(() => {});
  expect(server.keepAliveTimeout).toBeGreaterThan(240_000);
  expect(server.headersTimeout).toBeLessThanOrEqual(server.requestTimeout);
});

test('closing: the answer in flight arrives whole with Connection: close, idle connections go, new ones are refused', async () => {
  const { port, close, answers } = await answeredByHand();
  const idle = await rawConnection(port);
  idle.send(get);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.end('first');
  await vi.waitFor(() => expect(idle.text()).toContain('first'));
  expect(idle.text()).toContain('Connection: keep-alive');
  const busy = await rawConnection(port);
  busy.send(get);
  await vi.waitFor(() => expect(answers).toHaveLength(2));

  const closed = close(noDeadline);
  await idle.closed;
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect(busy.isClosed()).toBe(false);
  answers[1]?.end('second');
  await busy.closed;
  expect(busy.text().toLowerCase()).toContain('connection: close');
  expect(busy.text()).toContain('second');
  await closed;
});

test('closing: a request that was still on its way is answered and told to close', async () => {
  const { port, close, answers, sockets } = await answeredByHand();
  const connection = await rawConnection(port);
  connection.send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Le');
  await vi.waitFor(() => expect(sockets[0]?.bytesRead).toBeGreaterThan(0));
  const closed = close(noDeadline);
  connection.send('ngth: 0\r\n\r\n');
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.end('late');
  await Promise.all([closed, connection.closed]);
  expect(connection.text().toLowerCase()).toContain('connection: close');
  expect(connection.text()).toContain('late');
});

test('closing: an answer whose headers are out is finished and its connection does not linger', async () => {
  const { port, close, answers } = await answeredByHand();
  const connection = await rawConnection(port);
  connection.send(get);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.write('first half');
  await vi.waitFor(() => expect(connection.text()).toContain('first half'));
  const closed = close(noDeadline);
  answers[0]?.end('second half');
  await Promise.all([closed, connection.closed]);
  expect(connection.text()).toContain('second half');
});

test('closing: an answer that is written but waits for a slow reader is not cut', async () => {
  const size = 20_000_000;
  const { port, close, answers, sockets } = await answeredByHand();
  const connection = await rawConnection(port);
  connection.pause();
  connection.send(get);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.writeHead(200, { 'content-length': size }).end(Buffer.alloc(size, 'x'));
  const silent = await rawConnection(port);
  await vi.waitFor(() => expect(sockets).toHaveLength(2));
  const closed = close(noDeadline);
  // By then the server has looked at its connections again.
  await silent.closed;
  connection.resume();
  await Promise.all([closed, connection.closed]);
  expect(connection.text().length).toBeGreaterThan(size);
});

test('closing: a connection on which nothing was ever said does not hold it up', async () => {
  const { port, close, sockets } = await answeredByHand();
  const silent = await rawConnection(port);
  await vi.waitFor(() => expect(sockets).toHaveLength(1));
  const startedAt = performance.now();
  await close(noDeadline);
  await silent.closed;
  expect(performance.now() - startedAt).toBeLessThan(10_000); // Node itself closes it after 15 seconds
});

test('closing: what is left at the deadline is cut', async () => {
  const { port, close, answers, sockets } = await answeredByHand();
  const [hanging, halfAsked] = [await rawConnection(port), await rawConnection(port)];
  hanging.send(get);
  halfAsked.send('GET / HT');
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  await vi.waitFor(() => expect(sockets[1]?.bytesRead).toBeGreaterThan(0));
  const deadline = new AbortController();
  const closed = close(deadline.signal);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect([hanging.isClosed(), halfAsked.isClosed()]).toEqual([false, false]);
  deadline.abort();
  await closed;
  await Promise.all([hanging.closed, halfAsked.closed]);
});

test('closing twice is closing once, and a deadline that has passed cuts at once', async () => {
  const { port, close, answers } = await answeredByHand();
  const hanging = await rawConnection(port);
  hanging.send(get);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  await Promise.all([close(AbortSignal.abort()), close(AbortSignal.abort())]);
  await hanging.closed;
});

test('closing: a request that has arrived on a kept connection and was not read yet is answered', async () => {
  const { port, close } = await listening((_request, response) => response.end('answer'));
  const kept = await rawConnection(port);
  kept.send(get);
  await vi.waitFor(() => expect(kept.text()).toContain('answer'));
  kept.send(get); // it lies in the system's buffer: to Node the connection is idle
  await Promise.all([close(noDeadline), kept.closed]);
  expect(kept.text().split('answer')).toHaveLength(3);
});
