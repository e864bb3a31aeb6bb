import { once } from 'node:events';
import { get, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { answerJson, delayAnswer } from './answer.ts';
import { type Handle, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';

const started: LoopbackServer[] = [];
const start = async (handle: Handle = (_, response) => answerJson(response, 200, { fine: true }), port = 0) => {
  const server = await startLoopbackServer({ port, handle });
  started.push(server);
  return server;
};
afterEach(() => Promise.all(started.splice(0).map((server) => server.stop())));

const statusWith = async (url: string, headers: Record<string, string>): Promise<number | undefined> => {
  const [response] = await once(get(url, { headers, agent: false }), 'response');
  response.resume();
  return response.statusCode;
};
const refused = (url: string) => expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });

test('only callers that name this machine are heard', async () => {
  const { url, port } = await start();
  expect(await statusWith(url, {})).toBe(200);
  expect(await statusWith(url, { host: `localhost:${port}` })).toBe(200);
  expect(await statusWith(url, { host: `[::1]:${port}` })).toBe(200);
  for (const host of [
    `evil.example:${port}`,
    `127.0.0.1.evil.example`,
    'localhost@evil.example',
    'not a host',
    '0.0.0.0',
  ]) {
    expect(await statusWith(url, { host }), host).toBe(403);
  }
});

test('a web page of another origin is not heard, whatever it sends', async () => {
  const { url, port } = await start();
  expect(await statusWith(url, { origin: url })).toBe(200);
  expect(await statusWith(url, { origin: 'http://evil.example' })).toBe(403);
  expect(await statusWith(url, { origin: 'null' })).toBe(403);
  expect(await statusWith(url, { origin: `http://127.0.0.1:${port + 1}` })).toBe(403);
  const posted = await fetch(url, { method: 'POST', body: 'x' });
  expect(posted.status).toBe(200);
});

test('a closed server refuses connections and comes back on the same port', async () => {
  const { url, close, reopen } = await start();
  expect((await fetch(url)).status).toBe(200);
  await close();
  await refused(url);
  await reopen();
  expect((await fetch(url)).status).toBe(200);
});

test('the last of several changes holds, even when nobody waits for the first', async () => {
  const { url, close, reopen } = await start();
  void close();
  void reopen();
  await close();
  await refused(url);
  void reopen();
  void close();
  await reopen();
  expect((await fetch(url)).status).toBe(200);
});

test('closing ends idle, waiting and half-sent connections at once', async () => {
  const { port, stop } = await start((_, response) => delayAnswer(response, 60_000));
  const idle = connect(port, '127.0.0.1');
  const halfSent = connect(port, '127.0.0.1');
  await Promise.all([once(idle, 'connect'), once(halfSent, 'connect')]);
  halfSent.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc');
  const waiting = httpRequest({ port, host: '127.0.0.1' });
  waiting.end();
  const [socket] = await once(waiting, 'socket');
  if (socket.connecting) await once(socket, 'connect');
  const ended = [idle, halfSent, socket].map((one) => new Promise((resolve) => one.once('close', resolve)));
  for (const one of [idle, halfSent, waiting]) one.on('error', () => undefined);
  const before = performance.now();
  await stop();
  await Promise.all(ended);
  expect(performance.now() - before).toBeLessThan(2_000);
});

test('a stopped server is not opened again', async () => {
  const { url, stop, reopen } = await start();
  await stop();
  await stop();
  await reopen();
  await refused(url);
});

test('a taken port is named', async () => {
  const { port } = await start();
  await expect(start(undefined, port)).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
});

test('a handler that throws answers 500 and the server goes on', async () => {
  let failing = true;
  const { url } = await start((_, response) => {
    if (failing) throw new Error('broken');
    answerJson(response, 200, {});
  });
  expect((await fetch(url)).status).toBe(500);
  failing = false;
  expect((await fetch(url)).status).toBe(200);
});
