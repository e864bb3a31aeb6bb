import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { anyone } from '../../src/platform/token-verifier.ts';

function request(headers: Record<string, string>, remoteAddress = '127.0.0.1'): IncomingMessage {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
  return Object.assign(new IncomingMessage(socket), { headers });
}

test('without tokens everybody may call', async () => {
  await expect(anyone.verify(request({}, '203.0.113.7'))).resolves.toBeUndefined();
});

test('without tokens details are for callers on this machine', async () => {
  for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000']) {
    expect(await anyone.authenticated(request({ host })), host).toBe(true);
  }
  expect(await anyone.authenticated(request({ host: 'localhost' }, '::ffff:127.0.0.1'))).toBe(true);
  expect(await anyone.authenticated(request({ host: 'localhost' }, '203.0.113.7'))).toBe(false);
});

test('a proxy on this machine does not make its callers local, nor does a name that points here', async () => {
  const host = 'localhost';
  expect(await anyone.authenticated(request({ host, 'x-forwarded-for': '203.0.113.7' }))).toBe(false);
  expect(await anyone.authenticated(request({ host, forwarded: 'for=203.0.113.7' }))).toBe(false);
  expect(await anyone.authenticated(request({ host: 'rebound.example' }))).toBe(false);
  expect(await anyone.authenticated(request({}))).toBe(false);
  expect(await anyone.authenticated(request({ host: '[' }))).toBe(false);
});
