import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { maySeeDetails } from '../../src/platform/callers.ts';

function request(headers: Record<string, string>, remoteAddress = '127.0.0.1'): IncomingMessage {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
  return Object.assign(new IncomingMessage(socket), { headers });
}

const isLocal = (local: IncomingMessage) => maySeeDetails(local, undefined);

test('without tokens details are for callers on this machine', async () => {
  for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000']) {
    expect(await isLocal(request({ host })), host).toBe(true);
  }
  expect(await isLocal(request({ host: 'localhost' }, '::ffff:127.0.0.1'))).toBe(true);
  expect(await isLocal(request({ host: 'localhost' }, '203.0.113.7'))).toBe(false);
});

const direct = {
  host: 'localhost:3000',
  connection: 'keep-alive',
  'user-agent': 'curl/8.5.0',
  accept: '*/*',
  'accept-language': '*',
  'sec-fetch-mode': 'cors',
  'if-none-match': '"1"',
};

test('what curl, a browser and fetch send by themselves does not make a caller a stranger', async () => {
  expect(await isLocal(request(direct))).toBe(true);
});

test('a proxy on this machine does not make its callers local, whatever header it adds', async () => {
  const added = [
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-real-ip',
    'via',
    'x-client-ip',
    'client-ip',
    'true-client-ip',
    'cf-connecting-ip',
    'x-original-host',
    'x-envoy-external-address',
    'x-arr-log-id',
    'x-request-id',
    'traceparent',
  ];
  for (const name of added) {
    expect(await isLocal(request({ ...direct, [name]: '203.0.113.7' })), name).toBe(false);
  }
});

test('a proxy that speaks HTTP/1.0, as nginx does by default, does not make its callers local', async () => {
  expect(await isLocal(Object.assign(request(direct), { httpVersion: '1.0' }))).toBe(false);
});

test('a name that a web page made point here does not make a caller local', async () => {
  expect(await isLocal(request({ host: 'rebound.example' }))).toBe(false);
  expect(await isLocal(request({}))).toBe(false);
  expect(await isLocal(request({ host: '[' }))).toBe(false);
});
